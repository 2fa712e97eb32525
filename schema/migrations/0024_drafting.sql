-- A section without a stance: the rule of 0023 refused every one that can have none, since null and false is false.
set local search_path = consultation;

alter table response_sections
    drop constraint response_sections_stance,
    add constraint response_sections_stance check (stance is null or (stance between 0 and 5 and section ~ '^(direction|measure)-'));

insert into schema_migrations (version, name) values (24, 'drafting');
