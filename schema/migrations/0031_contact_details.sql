-- How whoever runs a consultation is reached, where that is given: four more texts, each with its languages and versions as every other.
set local search_path = consultation;

comment on column texts.key is 'What it words: title, summary, introduction, contact, contact/post, contact/address, contact/telephone, contact/email, stance/0 to stance/5, direction/CODE/title, direction/CODE/full-title, direction/CODE/background, measure/CODE, question/CODE, sector/CODE, term/CODE/word, term/CODE/forms, term/CODE/meaning';

insert into schema_migrations (version, name) values (31, 'contact_details');
