-- A grace is for forms that were opened before the close: functions/submission_accept.sql is told when, and judges it.
set local search_path = consultation;

comment on column consultations.grace is 'For so long after the close what comes of a form opened before it is still taken, and marked within_grace';
comment on column submissions.within_grace is 'Arrived after the close, within its grace, of a form that was opened before the close';

insert into schema_migrations (version, name) values (5, 'form');
