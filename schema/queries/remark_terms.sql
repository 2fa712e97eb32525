-- Statements that fill the search index of remarks; see functions/remark_terms.sql.

-- name: remark_terms_take
-- role: writer, owner
select submission_id, part, ordinal, original
  from remark_terms_take($1::int4, $2::int2, $3::int4);

-- name: remark_terms_claim
-- role: owner
select remark_terms_claim($1::int4, $2::int2);

-- name: remark_terms_put
-- role: writer, owner
select remark_terms_put($1::int4, $2::int8[], $3::int2[], $4::int2[], $5::int4[], $6::int4[]);

-- name: remark_terms_tidy
-- role: writer, owner
select remark_terms_tidy();
