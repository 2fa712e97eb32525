-- Whether a consultation may open: every text that its parts need exists in all three languages at the text's newest version.
--
-- Keys of texts: title, summary, introduction, contact; direction/CODE/title, /full-title, /background; measure/CODE; question/CODE;
-- stance/0 to stance/5; sector/CODE; term/CODE/word, /forms, /meaning. Those it has or has not: contact/post, /address, /telephone,
-- /email.
create or replace function consultation_text_keys(p_consultation_id integer) returns table (key text)
    language sql stable
    set search_path = consultation, pg_temp
begin atomic
    select unnest(array['title', 'summary', 'introduction', 'contact'])
    union all
    select 'stance/' || n from generate_series(0, 5) as n
    union all
    select 'direction/' || d.code || '/' || part
      from directions d cross join unnest(array['title', 'full-title', 'background']) as part
     where d.consultation_id = p_consultation_id
    union all
    select 'measure/' || m.code from measures m where m.consultation_id = p_consultation_id
    union all
    select 'question/' || q.code from questions q where q.consultation_id = p_consultation_id
    union all
    select 'sector/' || s.code from sectors s where s.consultation_id = p_consultation_id
    union all
    select 'term/' || t.code || '/' || part
      from terms t cross join unnest(array['word', 'forms', 'meaning']) as part
     where t.consultation_id = p_consultation_id
    union all
    select distinct t.key from texts t where t.consultation_id = p_consultation_id and t.key like 'contact/%';
end;
comment on function consultation_text_keys is 'Keys of all texts that a consultation''s parts need, and of the contact details that it has';

create or replace function consultation_complete(p_consultation_id integer) returns boolean
    language sql stable
    set search_path = consultation, pg_temp
begin atomic
    select exists (select from measures m where m.consultation_id = p_consultation_id)
       and not exists (select from directions d
                        where d.consultation_id = p_consultation_id
                          and not exists (select from measures m
                                           where m.consultation_id = d.consultation_id
                                             and m.direction_ordinal = d.ordinal))
       and not exists (select from consultation_text_keys(p_consultation_id) k
                        where (select count(*) from texts t
                                where t.consultation_id = p_consultation_id and t.key = k.key
                                  and t.version = (select max(n.version) from texts n
                                                    where n.consultation_id = p_consultation_id and n.key = k.key)) <> 3);
end;
comment on function consultation_complete is 'True when every text exists in all its languages at its newest version';
