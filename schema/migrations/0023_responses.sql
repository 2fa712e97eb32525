-- Institutional responses: drafts in sections with their versions, comments, approvals, attachments, and what was filed.
set local search_path = consultation;

create table responses (
    consultation_id integer not null,
    response_id     integer generated always as identity,
    institution_id  integer not null,
    number          text not null,
    language        smallint not null,
    publish         boolean not null default true,
    created_at      timestamptz not null default clock_timestamp(),
    constraint responses_pkey primary key (consultation_id, response_id),
    constraint responses_consultation_fkey foreign key (consultation_id) references consultations,
    constraint responses_institution_fkey foreign key (institution_id) references institutions,
    constraint responses_institution_key unique (consultation_id, institution_id),
    constraint responses_number_key unique (number),
    constraint responses_number check (number ~ '^[0-9A-HJKMNP-TV-Z]{10}$'),
    constraint responses_language check (language between 0 and 2)
);
comment on table responses is 'One of each institution on each consultation: what its members work on, and file as often as they like until the close';
comment on column responses.consultation_id is 'The consultation it takes part in';
comment on column responses.response_id is 'Internal; never leaves the service';
comment on column responses.institution_id is 'Whose';
comment on column responses.number is 'Random, Crockford''s base 32: its stable name in addresses and citations';
comment on column responses.language is 'The language it is written in: 0 zh-Hant, 1 en, 2 zh-Hans';
comment on column responses.publish is 'They agree to its publication';
comment on column responses.created_at is 'When work on it began';

create table response_sections (
    consultation_id integer not null,
    response_id     integer not null,
    section         text not null,
    version         integer not null,
    stance          smallint,
    text            text not null,
    wording         smallint,
    autosaved       boolean not null default false,
    changed_by      integer not null,
    changed_at      timestamptz not null default clock_timestamp(),
    constraint response_sections_pkey primary key (consultation_id, response_id, section, version),
    constraint response_sections_response_fkey foreign key (consultation_id, response_id) references responses,
    constraint response_sections_changed_fkey foreign key (changed_by) references officials,
    constraint response_sections_section check (section ~ '^(summary|evidence|interests|approver|(direction|question)-[1-9][0-9]?|measure-[1-9][0-9]?-[1-9][0-9]?)$'),
    constraint response_sections_version check (version >= 1),
    constraint response_sections_stance check (stance between 0 and 5 and section ~ '^(direction|measure)-'),
    constraint response_sections_text check (length(text) <= 20000),
    constraint response_sections_wording check (wording >= 1)
);
comment on table response_sections is 'Every version of every section of a response; the highest is the draft. A version is never changed, but an autosave is replaced by the next one of the same person';
comment on column response_sections.consultation_id is 'The consultation';
comment on column response_sections.response_id is 'The response';
comment on column response_sections.section is 'summary, direction-1, measure-1-3, question-1, evidence, interests, approver';
comment on column response_sections.version is '1, 2, … of this section; its entity tag';
comment on column response_sections.stance is '1 strongly oppose … 5 strongly support, 0 no opinion; none: not said';
comment on column response_sections.text is 'Markdown; empty: nothing is said';
comment on column response_sections.wording is 'Version of the measure''s, direction''s or question''s wording that was read';
comment on column response_sections.autosaved is 'Kept by the page itself, not by a press of a button';
comment on column response_sections.changed_by is 'The member';
comment on column response_sections.changed_at is 'When';

create table response_assignments (
    consultation_id integer not null,
    response_id     integer not null,
    section         text not null,
    official_id     integer not null,
    constraint response_assignments_pkey primary key (consultation_id, response_id, section),
    constraint response_assignments_response_fkey foreign key (consultation_id, response_id) references responses,
    constraint response_assignments_official_fkey foreign key (official_id) references officials
);
comment on table response_assignments is 'Which member a section was given to';
comment on column response_assignments.consultation_id is 'The consultation';
comment on column response_assignments.response_id is 'The response';
comment on column response_assignments.section is 'The section';
comment on column response_assignments.official_id is 'The member';

create table response_comments (
    consultation_id integer not null,
    response_id     integer not null,
    comment_id      uuid not null default gen_random_uuid(),
    section         text not null,
    version         integer not null,
    official_id     integer not null,
    text            text not null,
    said_at         timestamptz not null default clock_timestamp(),
    resolved_by     integer,
    resolved_at     timestamptz,
    constraint response_comments_pkey primary key (consultation_id, response_id, comment_id),
    constraint response_comments_response_fkey foreign key (consultation_id, response_id) references responses,
    constraint response_comments_official_fkey foreign key (official_id) references officials,
    constraint response_comments_resolved_fkey foreign key (resolved_by) references officials,
    constraint response_comments_text check (length(text) between 1 and 2000),
    constraint response_comments_resolved check ((resolved_by is null) = (resolved_at is null))
);
create index response_comments_section on response_comments (consultation_id, response_id, section, said_at);
comment on table response_comments is 'What members say to each other about a section; never filed, never published';
comment on column response_comments.consultation_id is 'The consultation';
comment on column response_comments.response_id is 'The response';
comment on column response_comments.comment_id is 'Random; names it in forms';
comment on column response_comments.section is 'On which section';
comment on column response_comments.version is 'The version that was looked at; 0: none yet';
comment on column response_comments.official_id is 'Who says it';
comment on column response_comments.text is 'What is said; plain text';
comment on column response_comments.said_at is 'When it was said';
comment on column response_comments.resolved_by is 'Who said that it is done with';
comment on column response_comments.resolved_at is 'When that was said';
comment on index response_comments_section is 'Finds what was said about a section';

create table attachments (
    consultation_id integer not null,
    response_id     integer not null,
    attachment_id   uuid not null default gen_random_uuid(),
    sha256          bytea not null,
    name            text not null,
    media_type      text not null,
    bytes           bigint not null,
    added_by        integer,
    added_at        timestamptz not null default clock_timestamp(),
    removed_at      timestamptz,
    constraint attachments_pkey primary key (consultation_id, response_id, attachment_id),
    constraint attachments_response_fkey foreign key (consultation_id, response_id) references responses,
    constraint attachments_added_fkey foreign key (added_by) references officials,
    constraint attachments_sha256 check (octet_length(sha256) = 32),
    constraint attachments_name check (length(name) between 1 and 120 and name !~ '[/\\[:cntrl:]]'),
    constraint attachments_media_type check (media_type in ('application/pdf', 'image/png', 'image/jpeg', 'image/webp')),
    constraint attachments_bytes check (bytes between 1 and 1073741824)
);
create unique index attachments_name_once on attachments (consultation_id, response_id, name) where removed_at is null;
create index attachments_sha256 on attachments (sha256);
comment on table attachments is 'Files of a response; their bytes lie in a folder outside the database, by digest';
comment on column attachments.consultation_id is 'The consultation';
comment on column attachments.response_id is 'The response';
comment on column attachments.attachment_id is 'Random; names it in forms';
comment on column attachments.sha256 is 'Digest of its bytes; the file''s name in the folder';
comment on column attachments.name is 'What it is called; no path';
comment on column attachments.media_type is 'As its content says';
comment on column attachments.bytes is 'Its length';
comment on column attachments.added_by is 'The member; none: a machine';
comment on column attachments.added_at is 'When';
comment on column attachments.removed_at is 'When it was taken out of the draft; a filing that names it keeps the bytes';
comment on index attachments_name_once is 'One file of a name in a draft';
comment on index attachments_sha256 is 'Finds whether a file is still named';

create table response_approvals (
    consultation_id integer not null,
    response_id     integer not null,
    approval_id     uuid not null default gen_random_uuid(),
    digest          bytea not null,
    asked_by        integer not null,
    asked_at        timestamptz not null default clock_timestamp(),
    decided_by      integer,
    decided_at      timestamptz,
    approved        boolean,
    note            text not null default '',
    constraint response_approvals_pkey primary key (consultation_id, response_id, approval_id),
    constraint response_approvals_response_fkey foreign key (consultation_id, response_id) references responses,
    constraint response_approvals_asked_fkey foreign key (asked_by) references officials,
    constraint response_approvals_decided_fkey foreign key (decided_by) references officials,
    constraint response_approvals_digest check (octet_length(digest) = 32),
    constraint response_approvals_two check (decided_by <> asked_by),
    constraint response_approvals_decided check ((decided_by is null) = (decided_at is null) and (decided_by is null) = (approved is null)),
    constraint response_approvals_note check (length(note) <= 2000)
);
create unique index response_approvals_open on response_approvals (consultation_id, response_id) where decided_at is null;
comment on table response_approvals is 'Askings for approval of exactly one content, and what a second person said';
comment on column response_approvals.consultation_id is 'The consultation';
comment on column response_approvals.response_id is 'The response';
comment on column response_approvals.approval_id is 'Random; names it in forms';
comment on column response_approvals.digest is 'SHA-256 of the document that is to be approved; another content is not';
comment on column response_approvals.asked_by is 'The first of two persons';
comment on column response_approvals.asked_at is 'When';
comment on column response_approvals.decided_by is 'The approver';
comment on column response_approvals.decided_at is 'When; none: open';
comment on column response_approvals.approved is 'Whether it was approved';
comment on column response_approvals.note is 'What the approver says about it';
comment on index response_approvals_open is 'One open asking at a time';

create table filings (
    consultation_id integer not null,
    response_id     integer not null,
    version         integer not null,
    arrived_at      timestamptz not null,
    document        text not null,
    digest          bytea not null,
    receipt_key     smallint not null,
    filed_by        integer,
    key_id          uuid,
    approval_id     uuid,
    published_at    timestamptz,
    published_by    integer,
    withheld_at     timestamptz,
    withheld_reason text,
    constraint filings_pkey primary key (consultation_id, response_id, version),
    constraint filings_response_fkey foreign key (consultation_id, response_id) references responses,
    constraint filings_filed_fkey foreign key (filed_by) references officials,
    constraint filings_key_fkey foreign key (key_id) references institution_keys,
    constraint filings_approval_fkey foreign key (consultation_id, response_id, approval_id) references response_approvals,
    constraint filings_published_fkey foreign key (published_by) references officials,
    constraint filings_version check (version >= 1),
    constraint filings_digest check (digest = sha256(convert_to(document, 'UTF8'))),
    constraint filings_who check ((filed_by is null) <> (key_id is null) and (filed_by is null) = (approval_id is null)),
    constraint filings_published check ((published_at is null) = (published_by is null)),
    constraint filings_withheld check ((withheld_at is null) = (withheld_reason is null) and length(withheld_reason) <= 1000)
);
create index filings_published on filings (consultation_id, published_at) where published_at is not null;
comment on table filings is 'What was filed: never changed and never deleted; the highest version is what the institution says';
comment on column filings.consultation_id is 'The consultation';
comment on column filings.response_id is 'The response';
comment on column filings.version is '1, 2, … of this response';
comment on column filings.arrived_at is 'When the act arrived, by the clock that judges submissions';
comment on column filings.document is 'The response document, byte for byte as it is published (canonical JSON)';
comment on column filings.digest is 'SHA-256 of the document';
comment on column filings.receipt_key is 'Key that signs its receipt';
comment on column filings.filed_by is 'The member who filed it; none: a machine';
comment on column filings.key_id is 'The machine''s key or token; none: a member';
comment on column filings.approval_id is 'The approval of exactly this content; none: a machine, whose key an approver confirmed';
comment on column filings.published_at is 'When an official released it';
comment on column filings.published_by is 'The official';
comment on column filings.withheld_at is 'When it was taken back from publication';
comment on column filings.withheld_reason is 'Why, as it is said in public';
comment on index filings_published is 'Finds what was published';

insert into schema_migrations (version, name) values (23, 'responses');
