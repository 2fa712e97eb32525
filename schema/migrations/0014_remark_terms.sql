-- What officials search: the terms of every remark, made after the submission is stored, so that taking submissions does not wait for it.
set local search_path = consultation;

create table remark_terms (
    submission_id   bigint not null,
    consultation_id integer not null,
    part            smallint not null,
    ordinal         smallint not null,
    terms           integer[] not null,
    constraint remark_terms_pkey primary key (consultation_id, submission_id, part, ordinal),
    constraint remark_terms_remark_fkey foreign key (consultation_id, submission_id, part, ordinal) references remarks on delete cascade
);
-- Never read by value, so neither statistics nor compression pay.
alter table remark_terms alter column terms set statistics 0;
create index remark_terms_terms on remark_terms using gin (terms) with (gin_pending_list_limit = 1024);
comment on table remark_terms is 'The words of remarks as hashes, for officials'' search; filled behind the submissions, deleted with its remark';
comment on column remark_terms.submission_id is 'The submission it belongs to';
comment on column remark_terms.consultation_id is 'The consultation it belongs to';
comment on column remark_terms.part is 'As remarks.part';
comment on column remark_terms.ordinal is 'As remarks.ordinal';
comment on column remark_terms.terms is 'Hashes of its words, Chinese characters and their pairs (server/domain/remark_words.h), none negative; and, negative, marks of what it is of, by which a search stays within some submissions: see functions/remark_terms.sql';
comment on index remark_terms_terms is 'Finds remarks by words; hashes, because it never forgets a key';

create table remark_terms_progress (
    consultation_id integer not null,
    version         smallint not null,
    done            bigint not null,
    settling        bigint not null,
    settled_after   xid8 not null,
    constraint remark_terms_progress_pkey primary key (consultation_id),
    constraint remark_terms_progress_consultation_fkey foreign key (consultation_id) references consultations,
    constraint remark_terms_progress_order check (done <= settling)
);
comment on table remark_terms_progress is 'How far remark_terms has come';
comment on column remark_terms_progress.consultation_id is 'Whose remarks';
comment on column remark_terms_progress.version is 'Way in which the terms were made; another one makes them anew';
comment on column remark_terms_progress.done is 'Every remark of submissions up to this one has its terms';
comment on column remark_terms_progress.settling is 'The highest submission_id that was given out when somebody last looked';
comment on column remark_terms_progress.settled_after is 'Once all transactions before this one are over, no submission up to settling can appear any more';

-- Submissions that are not counted are few: storing a counted one does not touch this.
create index submissions_uncounted on submissions (consultation_id, state, submission_id) where state <> 'counted';
comment on index submissions_uncounted is 'Lists those held, superseded, withdrawn or set aside';

insert into schema_migrations (version, name) values (14, 'remark_terms');
