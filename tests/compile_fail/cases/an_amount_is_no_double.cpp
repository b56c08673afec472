// expects: narrowing conversion
#include "domain/values/money.hpp"

kontor::Result<kontor::Money, kontor::MoneyError> price(kontor::Currency currency) {
#ifdef BROKEN
    return kontor::Money::create({19.99}, currency);
#else
    return kontor::Money::create(1999, currency);
#endif
}
