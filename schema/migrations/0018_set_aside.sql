-- Officials change what a submission counts as, two of them together: a proposal and who confirmed it. What is set aside is tallied by
-- its reason, which is of a list: what somebody thinks is none. Codes are those of server/domain/set_aside.def.
set local search_path = consultation;

-- Nothing was set aside before: no role could.
alter table submissions add constraint submissions_set_aside_reason check (
    state <> 'set aside' or state_reason in ('duplicate', 'automated', 'impersonation', 'entry-error', 'trial', 'on-request'));

alter table tallies
    add column aside_duplicate     integer not null default 0,
    add column aside_automated     integer not null default 0,
    add column aside_impersonation integer not null default 0,
    add column aside_entry_error   integer not null default 0,
    add column aside_trial         integer not null default 0,
    add column aside_on_request    integer not null default 0,
    add constraint tallies_set_aside check (
        set_aside = aside_duplicate + aside_automated + aside_impersonation + aside_entry_error + aside_trial + aside_on_request);
comment on column tallies.set_aside is 'Of them set aside by officials; the sum of the reasons, always';
comment on column tallies.aside_duplicate is 'Set aside: the same respondent is counted already';
comment on column tallies.aside_automated is 'Set aside: made by a program, with no person behind it';
comment on column tallies.aside_impersonation is 'Set aside: sent in somebody else''s name';
comment on column tallies.aside_entry_error is 'Set aside: typed in by mistake';
comment on column tallies.aside_trial is 'Set aside: sent to try the service out';
comment on column tallies.aside_on_request is 'Set aside: its respondent asked for it and has no code to withdraw it';
comment on column tallies.slot is 'Server process that moved it, so that two never wait for each other; 0 for commands and officials';

create or replace view submission_tallies as
select consultation_id, day, kind, proven, language, channel, slot,
       received, counted, held, superseded, withdrawn, set_aside,
       aside_duplicate, aside_automated, aside_impersonation, aside_entry_error, aside_trial, aside_on_request
  from tallies;
comment on column submission_tallies.aside_duplicate is 'As tallies.aside_duplicate';
comment on column submission_tallies.aside_automated is 'As tallies.aside_automated';
comment on column submission_tallies.aside_impersonation is 'As tallies.aside_impersonation';
comment on column submission_tallies.aside_entry_error is 'As tallies.aside_entry_error';
comment on column submission_tallies.aside_trial is 'As tallies.aside_trial';
comment on column submission_tallies.aside_on_request is 'As tallies.aside_on_request';

create table state_proposals (
    submission_id   bigint not null,
    proposed_at     timestamptz not null default clock_timestamp(),
    expires_at      timestamptz not null,
    decided_at      timestamptz,
    consultation_id integer not null,
    proposed_by     integer not null,
    decided_by      integer,
    proposal_id     uuid not null default gen_random_uuid(),
    state_before    submission_state not null,
    state_wanted    submission_state not null,
    outcome         text,
    reason          text,
    note            text,
    constraint state_proposals_pkey primary key (consultation_id, proposal_id),
    constraint state_proposals_submission_fkey foreign key (consultation_id, submission_id) references submissions,
    constraint state_proposals_proposed_fkey foreign key (proposed_by) references officials,
    constraint state_proposals_decided_fkey foreign key (decided_by) references officials,
    constraint state_proposals_states check ((state_before, state_wanted) in (
        ('counted', 'set aside'), ('held', 'set aside'), ('held', 'counted'), ('set aside', 'counted'), ('set aside', 'held'))),
    constraint state_proposals_reason check (
        case when state_wanted = 'set aside'
             then reason is not null
                  and reason in ('duplicate', 'automated', 'impersonation', 'entry-error', 'trial', 'on-request')
             else reason is null and note is not null end),
    constraint state_proposals_note check (note <> '' and length(note) <= 500),
    constraint state_proposals_outcome check (outcome in ('confirmed', 'rejected', 'withdrawn', 'expired')),
    constraint state_proposals_decided check (
        (outcome is null) = (decided_at is null) and (decided_by is null) = (outcome is null or outcome = 'expired')),
    constraint state_proposals_two check (outcome not in ('confirmed', 'rejected') or decided_by <> proposed_by),
    constraint state_proposals_expires check (expires_at > proposed_at)
);
create unique index state_proposals_open on state_proposals (consultation_id, submission_id) where outcome is null;
create index state_proposals_submission on state_proposals (consultation_id, submission_id);
create index state_proposals_listed on state_proposals (consultation_id, proposed_at, proposal_id);
comment on table state_proposals is 'Changes of a submission''s state that one official proposed, and what another said; kept for ever';
comment on column state_proposals.submission_id is 'The submission whose state is to change';
comment on column state_proposals.proposed_at is 'When it was proposed';
comment on column state_proposals.expires_at is 'Not decided by then, it is void';
comment on column state_proposals.decided_at is 'When it was decided, or expired';
comment on column state_proposals.consultation_id is 'The consultation it belongs to';
comment on column state_proposals.proposed_by is 'The first of two officials, an analyst';
comment on column state_proposals.decided_by is 'The second, a publisher; who proposed it, where it was withdrawn; none where it expired';
comment on column state_proposals.proposal_id is 'Random; names it in addresses and in the record of acts';
comment on column state_proposals.state_before is 'The state it had then; in any other one the proposal is not carried out';
comment on column state_proposals.state_wanted is 'The state it is to have';
comment on column state_proposals.outcome is 'confirmed, rejected, withdrawn, expired; none while it is open';
comment on column state_proposals.reason is 'Why it is to be set aside: a code of the list; none for other states';
comment on column state_proposals.note is 'What the proposer adds for the second person; never published';
comment on index state_proposals_open is 'One open proposal a submission';
comment on index state_proposals_submission is 'What was proposed about a submission before';
comment on index state_proposals_listed is 'Lists a consultation''s proposals, the newest first';

insert into schema_migrations (version, name) values (18, 'set_aside');
