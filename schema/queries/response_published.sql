-- Statements of published institutional responses; only the views of what is published are read.

-- The latest of each institution. Consultation.
-- name: response_published_list
-- role: reader
select number, institution, kind, name_zh_hant, name_en, name_zh_hans, fictitious, language, version, arrived_at, published_at
  from published_filings
 where consultation_id = $1::int4 and latest
 order by kind, institution;

-- One with its document. Consultation, number, version (null: the latest); with the number of the version that was released last.
-- name: response_published_get
-- role: reader
select p.number, p.institution, p.kind, p.name_zh_hant, p.name_en, p.name_zh_hans, p.fictitious, p.language, p.version, p.arrived_at, p.published_at,
       p.digest, p.receipt_key, p.latest, p.document,
       greatest((select max(n.version) from published_filings n where n.consultation_id = p.consultation_id and n.number = p.number),
                (select max(n.version) from withheld_filings n where n.consultation_id = p.consultation_id and n.number = p.number))
  from published_filings p
 where p.consultation_id = $1::int4 and p.number = $2::text and case when $3::int4 is null then p.latest else p.version = $3::int4 end;

-- name: response_published_versions
-- role: reader
select version, arrived_at, published_at, latest from published_filings
 where consultation_id = $1::int4 and number = $2::text
 order by version desc;

-- What was public once and was taken back. Consultation, number, version (null: the newest that was).
-- name: response_published_withheld
-- role: reader
select name_zh_hant, name_en, name_zh_hans, version, withheld_at, withheld_reason from withheld_filings
 where consultation_id = $1::int4 and number = $2::text and ($3::int4 is null or version = $3::int4)
 order by version desc
 limit 1;

-- All stances of the latest ones. Consultation.
-- name: response_published_stances
-- role: reader
select number, section, stance, says from published_stances
 where consultation_id = $1::int4
 order by number, section;

-- What the latest ones say in one section: number and, from the document, the text.
-- name: response_published_section
-- role: reader
select p.number, p.institution, p.kind, p.name_zh_hant, p.name_en, p.name_zh_hans, p.fictitious, p.language, p.version, s.stance,
       p.document::jsonb -> 'sections' -> $2::text ->> 'text'
  from published_filings p join published_stances s using (consultation_id, number)
 where p.consultation_id = $1::int4 and s.section = $2::text and p.latest
 order by p.kind, p.institution;
