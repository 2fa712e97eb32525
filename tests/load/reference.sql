-- What pgbench fills: the service's own columns, checks and indexes, but one row an answer and no tally.
create schema reference;
create table reference.submissions (like consultation.submissions including all);
create table reference.answers (
    consultation_id integer not null,
    submission_id   bigint not null,
    ordinal         smallint not null,
    stance          smallint,
    version         smallint not null,
    publish         boolean not null,
    remark          text,
    constraint answers_pkey primary key (consultation_id, submission_id, ordinal),
    constraint answers_submission_fkey foreign key (consultation_id, submission_id) references reference.submissions,
    constraint answers_stance check (stance between 0 and 5)
);
