-- The chain: sealed by one, found faulty wherever somebody with all rights changed it.
set search_path = tests, consultation;

select audit_write('test', null, '{"n": 1}'), audit_write('test', 1, null);
select same((select count(*) from audit_log where position is null), 2::bigint, 'unsealed');
select same(audit_seal(), 2::bigint, 'sealed');
select same(audit_seal(), 0::bigint, 'nothing left');
select audit_write('test', null, jsonb_build_object('n', n)) from generate_series(3, 5) as n;
select audit_seal();
select same((select string_agg(position::text, ' ' order by audit_id) from audit_log), '1 2 3 4 5', 'positions without a gap');
select same((select previous_hash from audit_log where position = 1), decode(repeat('00', 32), 'hex'), 'the first');
select ok((select a.hash = b.previous_hash from audit_log a, audit_log b where a.position = 4 and b.position = 5), 'each follows the one before');
select same((select count(*) from audit_verify()), 0::bigint, 'whole');
-- The hash can be made again by anybody who has the rows.
select same(hash, sha256(previous_hash || convert_to(jsonb_build_array(position, audit_id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            consultation_id, actor, program, action, detail)::text, 'UTF8')), 'as described') from audit_log;

select refused($$update audit_log set detail = '{}'$$, '23000', 'audit_log_kept');
select refused($$update audit_log set hash = sha256('x')$$, '23000', 'audit_log_kept');
select refused($$delete from audit_log$$, '23000', 'audit_log_kept');
select refused($$truncate audit_log$$, '23000', 'audit_log_kept');
select refused($$select audit_write('Not a word', null, null)$$, '23514', 'audit_log_action');
select audit_write('test', null, null);
select refused($$update audit_log set position = 7 where position is null$$, '23514', 'audit_log_sealed');
select refused($$update audit_log set action = 'other' where position is null$$, '23000', 'audit_log_kept');
select audit_seal();

-- Somebody with all rights: each kind of change is found, and where.
create function faults() returns text language sql as $$
    select string_agg(at_position || ' ' || fault, ', ' order by at_position) from audit_verify();
$$;
begin;
set local session_replication_role = replica; -- triggers off
update audit_log set detail = '{"n": 33}' where position = 3;
select same(faults(), '3 was changed', 'changed words');
rollback;
begin;
set local session_replication_role = replica;
delete from audit_log where position = 3;
select same(faults(), '4 rows are missing before it', 'a row taken out');
rollback;
begin;
set local session_replication_role = replica;
update audit_log set detail = '{"n": 33}' where position = 3;
update audit_log set hash = sha256(audit_bytes(audit_log, 3, previous_hash)) where position = 3;
select same(faults(), '4 does not follow the row before it', 'a row changed with its hash');
rollback;
select same((select count(*) from audit_verify()), 0::bigint, 'whole again');
