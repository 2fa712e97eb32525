-- What a key was used for before, if it was for this very content: the same submission sent again gets its receipt before any limit
-- is judged. An erased one has nothing left to compare.
create or replace function submission_replay(p_submission_key uuid, p_content_hash bytea) returns text
    language sql stable security definer
    set search_path = consultation, pg_temp as $$
    select s.number from submissions s
     where s.submission_key = p_submission_key and (s.erased_at is not null or s.content_hash = p_content_hash)
$$;
comment on function submission_replay(uuid, bytea) is 'Number of the receipt that this key and content got before; null if there is none';
