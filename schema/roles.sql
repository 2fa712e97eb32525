-- The roles of the service, made where they are missing. Run by deploy/migrate.sh before the migrations, in the service's database; again
-- and again without harm. What each may do stands in grants.sql.
--   consultation_owner      owns the schema; commands run as it; no server does
--   consultation_writer     a server's writer: calls the functions that store
--   consultation_reader     a server's reads
--   consultation_exporter   officials' exports: reads answers, never what identifies or what opens a receipt
--   consultation_publisher  the published remarks, and nothing else
--   consultation_official   what officials do when they are signed in, and their signing in
-- Servers and commands log in as consultation_login, which has no right of its own and takes one of these for each connection.
select format('create role %I nologin noinherit', role)
  from unnest(array['consultation_owner', 'consultation_writer', 'consultation_reader', 'consultation_exporter',
                    'consultation_publisher', 'consultation_official']) as role
 where not exists (select from pg_roles where rolname = role) \gexec
select 'create role consultation_login login noinherit'
 where not exists (select from pg_roles where rolname = 'consultation_login') \gexec

-- Who migrates acts as the owner, and may serve as well.
select format('grant %I to %I', role, login)
  from unnest(array['consultation_owner', 'consultation_writer', 'consultation_reader', 'consultation_exporter',
                    'consultation_official']) as role,
       unnest(array['consultation_login', current_user]) as login
 where not pg_has_role(login, role, 'member') \gexec

-- PUBLIC could make temporary tables, whose names come before everybody else's. To connect is left: it shows nothing yet.
select format('revoke temporary, create on database %I from public', current_database()) \gexec
select format('grant create on database %I to consultation_owner', current_database()) \gexec
