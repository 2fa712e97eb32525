-- Every table, column, view, type, function and index of its own says what it is; no two columns of a table say the same.
set search_path = tests, consultation;

create function nothing(p_list text, p_what text) returns void language plpgsql as $$
begin
    if p_list is not null then
        raise exception '%: %', p_what, p_list;
    end if;
end $$;

select nothing(string_agg(c.relname, ', '), 'tables and views without comment')
  from pg_class c where c.relnamespace = 'consultation'::regnamespace and c.relkind in ('r', 'v', 'p', 'm') and obj_description(c.oid, 'pg_class') is null;
select nothing(string_agg(c.relname || '.' || a.attname, ', '), 'columns without comment')
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relnamespace = 'consultation'::regnamespace and c.relkind in ('r', 'v', 'p', 'm') and col_description(c.oid, a.attnum) is null;
select nothing(string_agg(distinct c.relname || '.' || a.attname, ', '), 'columns of one table with the same comment')
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 join pg_attribute b on b.attrelid = c.oid and b.attnum > 0 and b.attnum <> a.attnum
 where c.relnamespace = 'consultation'::regnamespace and c.relkind in ('r', 'v') and col_description(c.oid, a.attnum) = col_description(c.oid, b.attnum);
select nothing(string_agg(p.oid::regprocedure::text, ', '), 'functions without comment')
  from pg_proc p where p.pronamespace = 'consultation'::regnamespace and obj_description(p.oid, 'pg_proc') is null;
select nothing(string_agg(t.typname, ', '), 'types without comment')
  from pg_type t where t.typnamespace = 'consultation'::regnamespace and t.typtype in ('e', 'd') and obj_description(t.oid, 'pg_type') is null;
select nothing(string_agg(i.indexrelid::regclass::text, ', '), 'indexes without constraint and without comment')
  from pg_index i join pg_class c on c.oid = i.indrelid
 where c.relnamespace = 'consultation'::regnamespace and obj_description(i.indexrelid, 'pg_class') is null
   and not exists (select from pg_constraint k where k.conindid = i.indexrelid);
-- Two overloads would share a name in grants.sql and in the statements.
select nothing(string_agg(proname, ', '), 'functions that share a name')
  from (select proname from pg_proc where pronamespace = 'consultation'::regnamespace group by 1 having count(*) > 1) as p;

-- Every table of a consultation's data has a key that begins with consultation_id; what has none is named here.
select nothing(string_agg(c.relname, ', '), 'tables whose key does not begin with consultation_id')
  from pg_class c
 where c.relnamespace = 'consultation'::regnamespace and c.relkind = 'r' and c.relname not in ('schema_migrations', 'audit_log', 'key_checks')
   -- Accounts belong to the service; what they may do on a consultation has its key.
   and c.relname not in ('officials', 'official_setups', 'official_recovery_codes', 'official_sessions', 'official_tokens', 'official_resets',
                         'official_subjects', 'institutions', 'institution_domains', 'institution_challenges', 'institution_keys')
   and not exists (select from pg_constraint k join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
                    where k.conrelid = c.oid and k.contype = 'p' and a.attname = 'consultation_id');
select nothing(string_agg(k.conname, ', '), 'foreign keys that do not begin with consultation_id')
  from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
 where k.connamespace = 'consultation'::regnamespace and k.contype = 'f' and a.attname <> 'consultation_id' and k.confrelid not in ('consultation.officials'::regclass, 'consultation.institutions'::regclass, 'consultation.institution_keys'::regclass);
-- A name picks the problem: none is made up by PostgreSQL.
select nothing(string_agg(k.conname, ', '), 'constraints without a name of their own')
  from pg_constraint k where k.connamespace = 'consultation'::regnamespace and k.conname ~ '(_check[0-9]*|_fkey[0-9]+|_key[0-9]+)$';
select nothing(string_agg(k.conname, ', '), 'constraints named otherwise than their table')
  from pg_constraint k join pg_class c on c.oid = k.conrelid where k.connamespace = 'consultation'::regnamespace and not starts_with(k.conname, c.relname || '_');
-- A function that runs with its owner's rights fixes where it looks.
select nothing(string_agg(p.oid::regprocedure::text, ', '), 'functions without a fixed search_path')
  from pg_proc p where p.pronamespace = 'consultation'::regnamespace
   and not exists (select from unnest(p.proconfig) as setting where setting like 'search_path=consultation, pg_temp');
