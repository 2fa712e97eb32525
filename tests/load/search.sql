-- One million remarks or so (psql variable `submissions` times three) by a generator of sentences in the languages of the service, into the
-- rehearsal; common words stand in half of them, rare ones in a few. Run by search.sh as the owner.
\set ON_ERROR_STOP on
set search_path = consultation, pg_temp;
set synchronous_commit = off;
select consultation_id as c from consultations where rehearsal \gset
select setseed(0.5);

create function pg_temp.words(p_n bigint, p_language integer) returns text language sql immutable as $$
    select case p_language
        when 1 then concat_ws(' ',
            (array['I support this measure', 'We oppose this measure', 'I broadly support the direction', 'The plan needs more detail', 'As a parent I am worried', 'Our firm welcomes the plan', 'This is good for Hong Kong', 'Please think again'])[1 + p_n % 8],
            (array['because small firms need funding', 'since the universities lack laboratories', 'but the traffic noise near the Hetao park is bad', 'if young people get training', 'although rents keep rising', 'and artificial intelligence needs rules', 'as long as public money is spent well', 'so that talent stays'])[1 + p_n / 8 % 8] || '.',
            (array['Publish progress every year.', 'Consult the districts first.', 'Start with a trial.', 'Other cities have done better.', 'Land supply comes first.', 'Teachers need time.', 'The timetable is too slow.', 'Keep it simple.'])[1 + p_n / 64 % 8],
            case when p_n % 50021 = 7 then 'Photonics deserves a mention.' end)
        else concat(
            (array['我支持這項措施，', '我們反對這項措施，', '大致支持方向，', '計劃需要更多細節，', '作為家長我很擔心，', '本公司歡迎計劃，', '這對香港有利，', '請再三考慮，'])[1 + p_n % 8],
            (array['因為中小企需要資金', '由於大學缺乏實驗室', '但河套一帶交通噪音嚴重', '只要年輕人得到培訓', '雖然租金不斷上升', '而人工智能需要規管', '只要公帑運用得宜', '從而留住創新科技人才'])[1 + p_n / 8 % 8],
            (array['。請每年公布進度。', '。應先諮詢各區。', '。不如先試行。', '。其他城市做得更好。', '。土地供應最要緊。', '。教師需要時間準備。', '。時間表太慢。', '。手續要簡單。'])[1 + p_n / 64 % 8],
            case when p_n % 40009 = 5 then '希望提及核磁共振技術。' end,
            case when p_n % 7 = 3 then 'AI 發展要快。' end)
    end
$$;

insert into submissions (arrived_at, consultation_id, day, state, kind, language, channel, consent, receipt_key, master, submission_key, number,
                         commitment, content_hash, salt, stances, versions)
select now() - (:submissions - n) * interval '3 seconds', :c, (now() - (:submissions - n) * interval '3 seconds')::date,
       (case when n % 97 = 0 then 'held' else 'counted' end)::submission_state, 1 + (n % 29 = 0)::integer, n % 3, 1, 1, 1, 1, gen_random_uuid(),
       translate(upper(lpad(to_hex(n), 10, '0')), 'U', 'V'), sha256('c'), sha256('h'), sha256('s'),
       decode(repeat(lpad((1 + n % 5)::text, 2, '0'), 15), 'hex'), decode(repeat('01', 15), 'hex')
  from generate_series(1, :submissions) as n;
insert into remarks (consultation_id, submission_id, part, ordinal, version, publish, original)
select :c, s.submission_id, 0, 1 + (s.submission_id + 4 * k) % 15, 1, true,
       pg_temp.words(abs(hashint8(3 * s.submission_id + k)::bigint), s.language)
  from submissions s, generate_series(0, 2) as k where s.consultation_id = :c
 order by s.submission_id;
analyze submissions; analyze remarks;
