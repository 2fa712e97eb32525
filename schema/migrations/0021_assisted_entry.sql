-- Assisted entry: which official typed in what came on paper, at a counter, by e-mail or by telephone.
set local search_path = consultation;

create table assisted_entries (
    submission_id   bigint not null,
    consultation_id integer not null,
    official_id     integer not null,
    constraint assisted_entries_pkey primary key (consultation_id, submission_id),
    constraint assisted_entries_submission_fkey foreign key (consultation_id, submission_id) references submissions,
    constraint assisted_entries_official_fkey foreign key (official_id) references officials
);
create index assisted_entries_official on assisted_entries (consultation_id, official_id, submission_id);
comment on table assisted_entries is 'Submissions that an official typed in, made in the transaction of their acceptance; the channel stands in the submission';
comment on column assisted_entries.submission_id is 'What was typed in';
comment on column assisted_entries.consultation_id is 'The consultation it takes part in';
comment on column assisted_entries.official_id is 'Who typed it in';
comment on index assisted_entries_official is 'Finds what an official typed in, newest first';

-- No row so far came by such a channel, so none has to be looked at.
alter table submissions add constraint submissions_attested check (channel <= 2 or received_on is not null) not valid;

insert into schema_migrations (version, name) values (21, 'assisted_entry');
