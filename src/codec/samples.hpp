#pragma once

/// Values of any described type, made from a source of choices: random ones for the laws of the
/// encodings, plain ones for golden samples.   Place: specs only.

#include "codec/kinds.hpp"

#include "base/random.hpp"

#include <array>
#include <string>

namespace kontor::codec {

/// Where the choices come from.
class SampleSource {
public:
    virtual ~SampleSource() = default;
    /// From `first` to `last`, both included.
    virtual std::uint64_t number(std::uint64_t first, std::uint64_t last) = 0;
    virtual std::int64_t signed_number(std::int64_t first, std::int64_t last) = 0;
    /// UTF-8, at most `length_max` bytes.
    virtual std::string text(std::size_t length_max) = 0;
    /// Letters and digits, at least one.
    virtual std::string word(std::size_t length_max) = 0;
    virtual std::size_t list_size() = 0;
    virtual bool present() = 0;
};

/// Anything that fits, edges often; lists and texts up to `size`.
class RandomSamples final : public SampleSource {
public:
    RandomSamples(std::uint64_t seed, std::size_t size) : random_(seed), size_(size) {}
    std::uint64_t number(std::uint64_t first, std::uint64_t last) override;
    std::int64_t signed_number(std::int64_t first, std::int64_t last) override;
    std::string text(std::size_t length_max) override;
    std::string word(std::size_t length_max) override;
    std::size_t list_size() override { return random_.below(size_ + 1); }
    bool present() override { return random_.chance(1, 2); }

private:
    Random random_;
    std::size_t size_;
};

/// Small numbers and readable words, each different from the one before; the same in each run.
class PlainSamples final : public SampleSource {
public:
    explicit PlainSamples(bool with_optionals) : with_optionals_(with_optionals) {}
    std::uint64_t number(std::uint64_t first, std::uint64_t last) override;
    std::int64_t signed_number(std::int64_t first, std::int64_t last) override;
    std::string text(std::size_t length_max) override;
    std::string word(std::size_t length_max) override;
    std::size_t list_size() override { return 2; }
    bool present() override { return with_optionals_; }

private:
    bool with_optionals_;
    std::uint64_t drawn_{0};
};

template <class T>
T make_sample(SampleSource& source);

template <class T>
T make_text(SampleSource& source) {
    if constexpr (std::same_as<T, Country>)
        return *Country::parse(std::array{"GB", "DE", "FR", "IE", "ZZ"}[source.number(0, 4)]);
    else if constexpr (std::same_as<T, Location>) {
        auto word = source.word(Location::length_max);
        for (char& c : word)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return *Location::parse(word);
    } else if constexpr (TextForm<T>::pattern.empty())
        return *TextForm<T>::from(
            source.text(std::min(TextForm<T>::length_max, std::size_t{1'000})));
    else
        return *T::parse(source.word(TextForm<T>::length_max));
}

template <class T>
T make_enumerator(SampleSource& source) {
    using Enumerators = boost::describe::describe_enumerators<T>;
    auto skip = source.number(0, boost::mp11::mp_size<Enumerators>::value - 1);
    T chosen{};
    boost::mp11::mp_for_each<Enumerators>([&](auto enumerator) {
        if (skip-- == 0)
            chosen = enumerator.value;
    });
    return chosen;
}

inline Currency make_currency(SampleSource& source) {
    std::array const currencies{Currency::gbp(), Currency::gbp(), Currency::eur(), Currency::jpy(),
                                Currency::kwd()};
    return currencies[source.number(0, currencies.size() - 1)];
}

template <class T>
T make_record(SampleSource& source) {
    T record{};
    for_each_field<T>([&]<class Field>(Field) {
        record.*Field::pointer = make_sample<field_type<T, Field>>(source);
    });
    return record;
}

template <class... Ts>
std::variant<Ts...> make_choice(SampleSource& source, std::type_identity<std::variant<Ts...>>) {
    std::variant<Ts...> choice;
    auto const index = source.number(0, sizeof...(Ts) - 1);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((index == I ? (void)choice.template emplace<I>(make_sample<Ts>(source)) : void()), ...);
    }(std::index_sequence_for<Ts...>{});
    return choice;
}

template <class T>
Personal<T> make_personal(SampleSource& source, std::type_identity<Personal<T>>) {
    switch (source.present() ? 0 : source.number(1, 2)) {
    case 0: return Personal<T>(make_sample<T>(source));
    case 1: return Personal<T>(Sealed{make_sample<std::vector<std::uint8_t>>(source)});
    default: return Personal<T>();
    }
}

template <class T>
T make_number(SampleSource& source) {
    using Form = NumberForm<T>;
    if constexpr (std::is_signed_v<typename Form::Number>)
        return Form::from(source.signed_number(Form::first, Form::last)).value_or(T{});
    else
        return Form::from(source.number(Form::first, Form::last)).value_or(T{});
}

template <class T>
T make_list(SampleSource& source) {
    T list;
    for (auto left = source.list_size(); left > 0; --left)
        list.push_back(make_sample<typename T::value_type>(source));
    return list;
}

/// An Instant is one that RFC 3339 can write: years 1970 to 9999.
inline constexpr std::int64_t sample_instant_last = 253'402'300'799'999'999;

template <class T>
T make_sample(SampleSource& source) {
    constexpr auto kind = kind_of<T>();
    if constexpr (kind == Kind::boolean)
        return source.present();
    else if constexpr (kind == Kind::number)
        return make_number<T>(source);
    else if constexpr (kind == Kind::enumeration)
        return make_enumerator<T>(source);
    else if constexpr (kind == Kind::text)
        return make_text<T>(source);
    else if constexpr (kind == Kind::bytes || kind == Kind::list)
        return make_list<T>(source);
    else if constexpr (kind == Kind::id) {
        auto const high = source.number(0, ~std::uint64_t{0});
        return T(Id128(high, source.number(0, ~std::uint64_t{0})));
    } else if constexpr (kind == Kind::money)
        return Money::of(source.signed_number(-Money::max, Money::max), make_currency(source));
    else if constexpr (kind == Kind::currency)
        return make_currency(source);
    else if constexpr (kind == Kind::instant)
        return Instant::from_unix_microseconds(source.signed_number(0, sample_instant_last));
    else if constexpr (kind == Kind::stream)
        return StreamId::of(StreamCategory::order, make_sample<Id128>(source));
    else if constexpr (kind == Kind::strong)
        return T(make_sample<typename T::underlying>(source));
    else if constexpr (kind == Kind::optional)
        return source.present() ? T(make_sample<typename T::value_type>(source)) : T();
    else if constexpr (kind == Kind::choice)
        return make_choice(source, std::type_identity<T>{});
    else if constexpr (kind == Kind::personal)
        return make_personal(source, std::type_identity<T>{});
    else
        return make_record<T>(source);
}

} // namespace kontor::codec
