-- One line per table: its name, its rows, and a checksum over all of them.
SELECT format(
    'SELECT %L, count(*), coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text COLLATE "C")), %L) FROM %I AS t',
    tablename, '-', tablename
)
FROM pg_tables
WHERE schemaname = 'public'
ORDER BY tablename
\gexec
