-- An import whose process died. While one runs, its process holds an advisory lock that PostgreSQL lets go of with the connection.
alter table lead_import drop constraint lead_import_state_check;
alter table lead_import add constraint lead_import_state_check check (state in ('running', 'completed', 'failed', 'interrupted'));
-- serves: the imports whose process died
create index lead_import_running on lead_import (workspace_id) where state = 'running';
