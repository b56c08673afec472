#!/usr/bin/env python3
"""oracle.py FILE: what DOMAIN section 13 says an Online Retail file becomes, one "key value" a line.

An independent second implementation (standard library only, everything in memory, exact fractions),
from which the expected figures beside it were made and with which the import is compared.
It shares no code and no data structure with src/services/import.
"""
import collections
import csv
import datetime
import io
import re
import sys
from fractions import Fraction

ACCOUNTING = {"AMAZONFEE", "BANK CHARGES", "CRUK", "B"}
SHIPPING = {"POST", "DOT", "C2"}
CHARGES = {"M", "D", "S"}
COUNTRIES = {
    "United Kingdom": "GB", "France": "FR", "Australia": "AU", "Netherlands": "NL", "Germany": "DE", "Norway": "NO",
    "EIRE": "IE", "Switzerland": "CH", "Spain": "ES", "Poland": "PL", "Portugal": "PT", "Italy": "IT",
    "Belgium": "BE", "Lithuania": "LT", "Japan": "JP", "Iceland": "IS", "Channel Islands": "XC", "Denmark": "DK",
    "Cyprus": "CY", "Sweden": "SE", "Austria": "AT", "Israel": "IL", "Finland": "FI", "Bahrain": "BH",
    "Greece": "GR", "Hong Kong": "HK", "Singapore": "SG", "Lebanon": "LB", "United Arab Emirates": "AE",
    "Saudi Arabia": "SA", "Czech Republic": "CZ", "Canada": "CA", "Unspecified": "ZZ", "Brazil": "BR",
    "USA": "US", "European Community": "EU", "Malta": "MT", "RSA": "ZA",
}
SKU = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,39}\Z")


def kind_of(sku):
    if sku in SHIPPING:
        return "shipping"
    if sku.startswith("GIFT_0001_"):
        return "voucher"
    if sku in CHARGES:
        return "charge"
    return "goods"


def read_text(path):
    raw = open(path, "rb").read()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?\Z")


def date_parts(text):
    match = DATE.match(text.strip())
    return [int(part or 0) for part in match.groups()] if match else None


def to_time(parts, day_first):
    try:
        if parts[0] > 31:
            year, month, day = parts[:3]
        else:
            day, month, year = parts[:3] if day_first else (parts[1], parts[0], parts[2])
        if year < 100:
            year += 2000
        return datetime.datetime(year, month, day, *parts[3:])
    except ValueError:
        return None


def decide_day_first(all_parts):
    """The reading that leaves fewer lines without a date; then the one that goes back less; then D/M."""
    def badness(day_first):
        times = [to_time(p, day_first) for p in all_parts if p]
        good = [t for t in times if t]
        return len(times) - len(good), sum(a > b for a, b in zip(good, good[1:]))
    return badness(True) <= badness(False)


Row = collections.namedtuple("Row", "n invoice sku title quantity time price customer country raw")


def parse(path):
    """Yields (row or None, money or 0): None for a line that cannot be read."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    header = [name.strip() for name in next(reader)]
    at = {name: header.index(name) for name in
          ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")}
    raw = [line for line in reader if line]
    dates = [date_parts(line[at["InvoiceDate"]]) if len(line) == len(header) else None for line in raw]
    day_first = decide_day_first(dates)
    for n, (line, parts) in enumerate(zip(raw, dates), 1):
        try:
            if len(line) != len(header):
                raise ValueError
            field = {name: line[i].strip() for name, i in at.items()}
            when = to_time(parts, day_first)
            customer = field["CustomerID"]
            if customer.endswith(".0"):
                customer = customer[:-2]
            sku = field["StockCode"].upper()
            if when is None or not field["InvoiceNo"] or not (SKU.match(sku) or sku in ACCOUNTING):
                raise ValueError
            if customer and not customer.isdigit():
                raise ValueError
            yield Row(n, field["InvoiceNo"].upper(), sku, " ".join(field["Description"].split()), int(field["Quantity"]),
                      when, Fraction(field["UnitPrice"]), customer, field["Country"],
                      tuple(line[i] for i in at.values()))
        except (ValueError, TypeError):
            yield None


def classify(rows):
    """First match wins. Returns class -> rows, and each invoice's time and header."""
    invoices = collections.OrderedDict()
    for row in rows:
        if row:
            invoices.setdefault(row.invoice, []).append(row)
    classes = collections.defaultdict(list)
    classes["malformed"] = [None] * sum(1 for row in rows if row is None)
    for number, lines in invoices.items():
        guest_and_free = not lines[0].customer and all(row.price == 0 for row in lines)
        for row in lines:
            row = row._replace(time=lines[0].time, customer=lines[0].customer, country=lines[0].country)
            if number[0] in "Aa":
                name = "bad_debt"
            elif row.sku in ACCOUNTING:
                name = "accounting_entry"
            elif (row.price * 100).denominator != 1:
                name = "price_below_penny"
            elif number[0] in "Cc":
                name = "cancellation" if row.quantity < 0 and row.price > 0 else "malformed"
            elif guest_and_free:
                name = "adjustment" if kind_of(row.sku) == "goods" else "stock_of_service"
                if row.quantity == 0:
                    name = "malformed"
            elif row.quantity > 0 and row.price >= 0:
                name = "order_line"
            else:
                name = "malformed"
            classes[name].append(row)
    return invoices, classes


def by_time(row):
    return (row.time, row.n)


def reconcile(classes):
    """Cancellations: which units go back to which order lines, what is goodwill, what nobody bought."""
    orders = collections.OrderedDict()
    bought = collections.defaultdict(list)
    for row in sorted(classes["order_line"], key=by_time):
        order = orders.setdefault(row.invoice, {"time": row.time, "customer": row.customer, "lines": [], "gross": 0,
                                                "cancelled": 0, "returned": 0, "goodwill": 0})
        order["lines"].append(row)
        order["gross"] += row.price * row.quantity
        if row.customer:
            bought[(row.customer, row.sku, row.price)].append([row, row.quantity])
    for entry in bought.values():
        entry.sort(key=lambda pair: (pair[0].time, pair[0].invoice, pair[0].n))
    matches, remainders = [], []
    for row in sorted(classes["cancellation"], key=by_time):
        wanted = -row.quantity
        for pair in reversed(bought.get((row.customer, row.sku, row.price), []) if row.customer else []):
            if wanted == 0:
                break
            if pair[0].time <= row.time and pair[1] > 0:
                taken = min(wanted, pair[1])
                pair[1] -= taken
                wanted -= taken
                same_day = pair[0].time.date() == row.time.date()
                matches.append((row, pair[0], taken, same_day))
                orders[pair[0].invoice]["cancelled" if same_day else "returned"] += taken * row.price
        if wanted:
            remainders.append((row, wanted))
    of_customer = collections.defaultdict(list)
    for number, order in sorted(orders.items(), key=lambda item: (item[1]["time"], item[0])):
        of_customer[order["customer"]].append(number)
    grants, rejected = [], []
    for row, wanted in remainders:
        owed = wanted * row.price
        if not row.customer:
            rejected.append((row, "no_customer", owed))
            continue
        candidates = [n for n in of_customer[row.customer] if orders[n]["time"] <= row.time]
        for number in reversed(candidates):
            order = orders[number]
            room = order["gross"] - order["cancelled"] - order["returned"] - order["goodwill"]
            given = min(owed, room)
            if given > 0:
                order["goodwill"] += given
                owed -= given
                grants.append((row, number, given))
        if owed:
            rejected.append((row, "exceeds_purchases" if candidates else "no_purchase", owed))
    return orders, matches, grants, rejected


def pounds(value):
    value = Fraction(value)
    scaled = value * 1000
    assert scaled.denominator == 1, value
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(int(scaled)), 1000)
    return f"{sign}{whole}.{rest // 10:02d}" if rest % 10 == 0 else f"{sign}{whole}.{rest:03d}"


def amount(rows):
    return sum((row.price * row.quantity for row in rows if row), Fraction(0))


def stock_figures(classes, matches):
    """Levels by time, then by the invoice's first row: an order is promised as a whole, when it is placed."""
    moves = collections.defaultdict(list)
    totals = collections.Counter()
    first = {}
    for rows in classes.values():
        for row in rows:
            if row:
                first[row.invoice] = min(row.n, first.get(row.invoice, row.n))
    for row in classes["order_line"]:
        if kind_of(row.sku) == "goods":
            moves[row.sku].append((row.time, first[row.invoice], 0, -row.quantity))
            totals["ordered"] += row.quantity
    for row, line, units, same_day in matches:
        if kind_of(row.sku) == "goods":
            same = row.time == line.time
            at = max(first[row.invoice], first[line.invoice]) if same else first[row.invoice]
            moves[row.sku].append((row.time, at, 1, units))
            totals["cancelled" if same_day else "restocked"] += units
    for row in classes["adjustment"]:
        moves[row.sku].append((row.time, row.n, 2, row.quantity))
        totals["found" if row.quantity > 0 else "lost"] += abs(row.quantity)
    opening, on_hand = {}, 0
    for sku, steps in moves.items():
        level = deepest = 0
        for step in sorted(steps, key=lambda move: move[:3]):
            level += step[3]
            deepest = min(deepest, level)
        opening[sku] = -deepest
        on_hand += level - deepest
    return {"opening": sum(opening.values()), "opening_skus": sum(1 for units in opening.values() if units),
            **{name: totals[name] for name in ("ordered", "cancelled", "restocked", "found", "lost")},
            "on_hand": on_hand}


def figures(rows):
    invoices, classes = classify(rows)
    orders, matches, grants, rejected = reconcile(classes)
    lines = classes["order_line"]
    kinds = collections.Counter()
    for row in lines:
        kinds[kind_of(row.sku)] += row.price * row.quantity
    same_day = [m for m in matches if m[3]]
    later = [m for m in matches if not m[3]]
    gross = sum(order["gross"] for order in orders.values())
    cancelled = sum(order["cancelled"] for order in orders.values())
    returned = sum(order["returned"] for order in orders.values())
    goodwill = sum(order["goodwill"] for order in orders.values())
    cancelled_units = collections.Counter()
    for _, line, units, _ in same_day:
        cancelled_units[line.n] += units
    shipped = {n: [r for r in o["lines"] if r.quantity > cancelled_units[r.n]] for n, o in orders.items()}
    whole = {n for n, kept in shipped.items() if not kept}
    parcels = sum(-(-len({r.sku for r in kept if kind_of(r.sku) == "goods"}) // 40) for kept in shipped.values())
    captured = [n for n, o in orders.items() if n not in whole and o["gross"] - o["cancelled"] > 0]
    returns = {(m[0].invoice, m[1].invoice) for m in later if kind_of(m[0].sku) == "goods"}
    refunds = {(m[0].invoice, m[1].invoice) for m in later}
    goodwill_grants = {(row.invoice, number) for row, number, _ in grants}
    cut = {(row.n) for row, _, _ in rejected}
    skus = {row.sku for name in ("cancellation", "adjustment", "stock_of_service", "order_line") for row in classes[name]}
    priced = {row.sku for row in lines if row.price > 0}
    all_rows = [row for row in rows if row]
    months = collections.defaultdict(lambda: [0] + [Fraction(0)] * 4)
    for order in orders.values():
        month = months[order["time"].strftime("%Y-%m")]
        month[0] += 1
        month[1] += order["gross"]
    for row, _, units, today in matches:
        months[row.time.strftime("%Y-%m")][2 if today else 3] += units * row.price
    for row, _, given in grants:
        months[row.time.strftime("%Y-%m")][4] += given
    repeats = collections.Counter(row.raw for row in all_rows)
    rejected_of = {reason: [r for r in rejected if r[1] == reason]
                   for reason in ("no_customer", "no_purchase", "exceeds_purchases")}
    countries = collections.Counter()
    for order in orders.values():
        countries[COUNTRIES.get(order["lines"][0].country, "ZZ")] += order["gross"]
    granted = {}
    for row, _, given in grants:
        granted[row.n] = granted.get(row.n, 0) + given
    taken = collections.Counter()
    for row, _, units, _ in matches:
        taken[row.n] += units
    in_part = [r for r in rejected_of["exceeds_purchases"] if r[0].n in granted or taken[r[0].n]]
    out = {
        "rows": len(rows),
        "rows_no_customer": sum(1 for r in all_rows if not r.customer),
        "rows_price_not_positive": sum(1 for r in all_rows if r.price <= 0),
        "rows_quantity_negative": sum(1 for r in all_rows if r.quantity < 0),
        "rows_exact_repeats": sum(n - 1 for n in repeats.values()),
        "invoices": len(invoices),
        "invoices_sales": sum(1 for n in invoices if n[0] not in "CA"),
        "invoices_cancellation": sum(1 for n in invoices if n[0] == "C"),
        "invoices_bad_debt": sum(1 for n in invoices if n[0] == "A"),
        "invoices_adjustment": len({r.invoice for r in classes["adjustment"]}),
        "stock_codes": len({r.raw[1].strip() for r in all_rows}),
        "stock_codes_upper_cased": len({r.sku for r in all_rows}),
        "countries": len({r.country for r in all_rows}),
        "countries_unknown": len({r.country for r in all_rows} - COUNTRIES.keys() - {"Unspecified"}),
        "days": len({lines[0].time.date() for lines in invoices.values()}),
        "file_sales": pounds(amount(r for r in all_rows if r.invoice[0] not in "CA")),
        "file_cancellations": pounds(amount(r for r in all_rows if r.invoice[0] == "C")),
        "file_bad_debt": pounds(amount(r for r in all_rows if r.invoice[0] == "A")),
        "file": pounds(amount(all_rows)),
        "skus": len(skus),
        "skus_without_price": len(skus - priced),
        "customers": len({lines[0].customer for lines in invoices.values() if lines[0].customer}),
        "order_lines": len(lines),
        "order_lines_free": sum(1 for r in lines if r.price == 0),
        "orders": len(orders),
        "orders_guest": sum(1 for o in orders.values() if not o["customer"]),
        "orders_zero_total": sum(1 for o in orders.values() if o["gross"] == 0),
        "orders_no_goods": sum(1 for o in orders.values() if all(kind_of(r.sku) != "goods" for r in o["lines"])),
        "orders_repeated_sku": sum(1 for o in orders.values() if len({r.sku for r in o["lines"]}) < len(o["lines"])),
        **{f"gross_{kind}": pounds(kinds[kind]) for kind in ("goods", "shipping", "charge", "voucher")},
        "gross": pounds(gross),
        "cancelled_units": sum(m[2] for m in same_day),
        "cancelled_orders": len({m[1].invoice for m in same_day}),
        "cancelled_orders_whole": len(whole),
        "cancelled": pounds(cancelled),
        "returned_units": sum(m[2] for m in later),
        "returned_orders": len({m[1].invoice for m in later}),
        "returned": pounds(returned),
        "goodwill_grants": len(goodwill_grants),
        "goodwill_orders": len({number for _, number, _ in grants}),
        "goodwill": pounds(goodwill),
        "payments": sum(1 for o in orders.values() if o["gross"] > 0),
        "captures": len(captured),
        "captures_in_part": sum(1 for n in captured if orders[n]["cancelled"] > 0),
        "captured": pounds(gross - cancelled),
        "refunded": pounds(returned + goodwill),
        "net": pounds(gross - cancelled - returned - goodwill),
        "completed": len(orders) - len(whole),
        "parcels": parcels,
        "returns": len(returns),
        "refund_grants": len(refunds) + len(goodwill_grants),
        "adjustments_found": sum(1 for r in classes["adjustment"] if r.quantity > 0),
        "adjustments_lost": sum(1 for r in classes["adjustment"] if r.quantity < 0),
        **{f"stock.{name}": value for name, value in stock_figures(classes, matches).items()},
        **{f"country.{code}": pounds(value) for code, value in sorted(countries.items())},
    }
    for month, values in sorted(months.items()):
        out[f"month.{month}.orders"] = values[0]
        for name, value in zip(("gross", "cancelled", "returned", "goodwill"), values[1:]):
            out[f"month.{month}.{name}"] = pounds(value)
    out.update({
        "cancellation_rows": len(classes["cancellation"]),
        "cancellation_rows_accepted": len(classes["cancellation"]) - len(cut),
        "cancelled_matches": len(same_day),
        "returned_matches": len(later),
        "goodwill_rows": len(granted),
        "exceeds_purchases_in_part": len(in_part),
    })
    for name in ("order_line", "cancellation", "adjustment", "accounting_entry", "bad_debt", "price_below_penny",
                 "stock_of_service", "malformed"):
        out[f"class.{name}.rows"] = len(classes[name])
        out[f"class.{name}.pounds"] = pounds(amount(classes[name]))
    for reason, found in rejected_of.items():
        out[f"class.{reason}.rows"] = len(found)
        out[f"class.{reason}.pounds"] = pounds(-sum(r[2] for r in found))
    return out


def main():
    for key, value in figures(list(parse(sys.argv[1]))).items():
        print(key, value)


if __name__ == "__main__":
    main()
