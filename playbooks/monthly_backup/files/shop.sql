-- Makes the shop's database with 5000 orders; what is there already stays as it is.
SELECT 'CREATE DATABASE shop' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'shop')
\gexec
\connect shop
\set password `cat "$PASSWORD_FILE"`
SELECT format('CREATE ROLE shop LOGIN PASSWORD %L', :'password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop')
\gexec
BEGIN;
-- Two that do this at once: the second one waits and then finds everything done.
SELECT pg_advisory_xact_lock(20260529) \g /dev/null
CREATE TABLE IF NOT EXISTS customers (
    id integer PRIMARY KEY,
    name text NOT NULL,
    city text NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
    id integer PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers,
    ordered_at timestamptz NOT NULL,
    amount numeric(12, 2) NOT NULL,
    note text
);
INSERT INTO customers
SELECT n, format('Customer %s', n), (ARRAY['München', '東京', 'Ōsaka', 'Zürich'])[1 + n % 4]
FROM generate_series(1, 200) AS n
WHERE NOT EXISTS (SELECT FROM customers);
INSERT INTO orders
SELECT n, 1 + n % 200, timestamptz '2026-01-05 08:00+09' + n * interval '41 minutes',
    (n * 7919 % 100000) / 100.0, CASE WHEN n % 9 = 0 THEN md5(n::text) END
FROM generate_series(1, 5000) AS n
WHERE NOT EXISTS (SELECT FROM orders);
GRANT SELECT, INSERT ON orders, customers TO shop;
COMMIT;
