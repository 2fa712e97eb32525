-- What is taken as proof of an identity.
set local search_path = consultation;

alter table consultations
    add column proofs smallint not null default 2,
    add constraint consultations_proofs check (proofs between 2 and 14);
comment on column consultations.proofs is 'What is taken as proof of an identity: bit 1 << code (1 declared, 2 a code by e-mail, 3 OpenID Connect)';

insert into schema_migrations (version, name) values (6, 'proof');
