-- A filing without consent takes back, for good, what was filed before it: by the rule of 0025 a later one with consent gave all of it to
-- the public again, at once and unseen by any official.
set local search_path = consultation;

create or replace view published_filings with (security_barrier) as
select f.consultation_id, f.response_id, f.version, r.number, i.slug as institution, i.kind, i.name_zh_hant, i.name_en, i.name_zh_hans, i.fictitious,
       f.language, f.arrived_at, f.published_at, f.document, f.digest, f.receipt_key,
       not exists (select from filings n
                    where (n.consultation_id, n.response_id) = (f.consultation_id, f.response_id) and n.version > f.version
                      and n.published_at is not null and n.withheld_at is null) as latest
  from filings f
  join responses r using (consultation_id, response_id)
  join institutions i using (institution_id)
 where f.published_at is not null and f.withheld_at is null
   and not exists (select from filings n
                    where (n.consultation_id, n.response_id) = (f.consultation_id, f.response_id) and n.version > f.version and not n.publish);

insert into schema_migrations (version, name) values (27, 'consent');
