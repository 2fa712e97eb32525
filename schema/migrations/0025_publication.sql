-- What was filed, as the public reads it: consent and stances beside the document, and views of what is published and of nothing else.
set local search_path = consultation;

-- Read out of the document when it is filed, which the function that files does in the same statement; older servers file nothing yet.
alter table filings
    add column language    smallint not null,
    add column publish     boolean not null,
    add column withheld_by integer,
    add constraint filings_language check (language between 0 and 2),
    add constraint filings_withheld_fkey foreign key (withheld_by) references officials,
    add constraint filings_withheld_official check ((withheld_by is null) = (withheld_at is null)),
    add constraint filings_consent check (publish or published_at is null),
    -- What a rehearsal is filled with was filed and released by nobody.
    drop constraint filings_who,
    add constraint filings_who check ((filed_by is null or key_id is null) and (filed_by is null) = (approval_id is null)),
    drop constraint filings_published,
    add constraint filings_published check (published_by is null or published_at is not null);
comment on column filings.key_id is 'The machine''s key or token; none: a member, or a rehearsal''s own';
comment on column filings.published_by is 'The official; none of what a rehearsal is filled with';
comment on column filings.language is 'The language it is written in, as the document says: 0 zh-Hant, 1 en, 2 zh-Hans';
comment on column filings.publish is 'Whether they agree to its publication, as the document says';
comment on column filings.withheld_by is 'The official who took it back';

create table filing_stances (
    consultation_id integer not null,
    response_id     integer not null,
    version         integer not null,
    section         text not null,
    stance          smallint,
    says            boolean not null,
    constraint filing_stances_pkey primary key (consultation_id, response_id, version, section),
    constraint filing_stances_filing_fkey foreign key (consultation_id, response_id, version) references filings,
    constraint filing_stances_stance check (stance between 0 and 5),
    constraint filing_stances_something check (says or stance is not null)
);
create index filing_stances_section on filing_stances (consultation_id, section);
comment on table filing_stances is 'What filed documents say of directions, measures and questions, so that no document is opened for a table of them';
comment on column filing_stances.consultation_id is 'The consultation';
comment on column filing_stances.response_id is 'The response';
comment on column filing_stances.version is 'Of the filing';
comment on column filing_stances.section is 'direction-1, measure-1-3, question-1';
comment on column filing_stances.stance is '1 strongly oppose … 5 strongly support, 0 no opinion; none: not said';
comment on column filing_stances.says is 'There is a text as well';
comment on index filing_stances_section is 'Finds what is said on one measure';

-- A later filing without consent takes the consent of all back.
create view published_filings with (security_barrier) as
select f.consultation_id, f.response_id, f.version, r.number, i.slug as institution, i.kind, i.name_zh_hant, i.name_en, i.name_zh_hans, i.fictitious,
       f.language, f.arrived_at, f.published_at, f.document, f.digest, f.receipt_key,
       not exists (select from filings n
                    where (n.consultation_id, n.response_id) = (f.consultation_id, f.response_id) and n.version > f.version
                      and n.published_at is not null and n.withheld_at is null) as latest
  from filings f
  join responses r using (consultation_id, response_id)
  join institutions i using (institution_id)
 where f.published_at is not null and f.withheld_at is null
   and (select n.publish from filings n where (n.consultation_id, n.response_id) = (f.consultation_id, f.response_id)
         order by n.version desc limit 1);
comment on view published_filings is 'Filed responses that an official released and whose institution agrees; nothing of drafts';
comment on column published_filings.consultation_id is 'The consultation';
comment on column published_filings.response_id is 'The response; internal';
comment on column published_filings.version is 'Which filing of it';
comment on column published_filings.number is 'Its name in addresses';
comment on column published_filings.institution is 'The institution''s name in addresses';
comment on column published_filings.kind is 'As institutions.kind';
comment on column published_filings.name_zh_hant is 'The institution''s name in traditional Chinese';
comment on column published_filings.name_en is 'The institution''s name in English';
comment on column published_filings.name_zh_hans is 'The institution''s name in simplified Chinese';
comment on column published_filings.fictitious is 'Made up for a rehearsal';
comment on column published_filings.language is 'The language it is written in';
comment on column published_filings.arrived_at is 'When it was filed';
comment on column published_filings.published_at is 'When it was released';
comment on column published_filings.document is 'The document, byte for byte';
comment on column published_filings.digest is 'SHA-256 of the document';
comment on column published_filings.receipt_key is 'Key that signs its receipt';
comment on column published_filings.latest is 'No later one is published';

create view published_stances with (security_barrier) as
select s.consultation_id, p.number, s.section, s.stance, s.says
  from filing_stances s join published_filings p using (consultation_id, response_id, version)
 where p.latest;
comment on view published_stances is 'What the latest published responses say of directions, measures and questions';
comment on column published_stances.consultation_id is 'The consultation';
comment on column published_stances.number is 'Of the response';
comment on column published_stances.section is 'direction-1, measure-1-3, question-1';
comment on column published_stances.stance is 'As filing_stances.stance';
comment on column published_stances.says is 'There is a text as well';

create view withheld_filings with (security_barrier) as
select f.consultation_id, f.version, r.number, i.name_zh_hant, i.name_en, i.name_zh_hans, f.withheld_at, f.withheld_reason
  from filings f
  join responses r using (consultation_id, response_id)
  join institutions i using (institution_id)
 where f.published_at is not null and f.withheld_at is not null;
comment on view withheld_filings is 'Filings that were public once and taken back, with the reason that is said in public';
comment on column withheld_filings.consultation_id is 'The consultation';
comment on column withheld_filings.version is 'Which filing';
comment on column withheld_filings.number is 'Of the response';
comment on column withheld_filings.name_zh_hant is 'The institution''s name in traditional Chinese';
comment on column withheld_filings.name_en is 'The institution''s name in English';
comment on column withheld_filings.name_zh_hans is 'The institution''s name in simplified Chinese';
comment on column withheld_filings.withheld_at is 'When it was taken back';
comment on column withheld_filings.withheld_reason is 'Why';

insert into schema_migrations (version, name) values (25, 'publication');
