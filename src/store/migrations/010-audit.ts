import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * What was done, which nobody changes and nothing but age deletes; and a text that is another one after each write but of
 * that, which nobody has to read anew for.
 */
export const audit: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table audit (
    audit_id integer primary key autoincrement,
    at text not null,
    actor text not null,
    name text not null,
    outcome text not null,
    connections text not null,
    status_before text,
    status_after text
  )`,
  `create index audit_at on audit (at)`,
  `create trigger audit_stays before update on audit begin
    select raise(abort, 'the audit log is only added to');
  end`,
  `create trigger audit_is_kept before delete on audit
    when old.at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-90 days') begin
    select raise(abort, 'the audit log is kept for 90 days');
  end`,
  // A replaced row would be deleted without the trigger above.
  `create trigger audit_grows before insert on audit
    when exists (select 1 from audit where audit_id = new.audit_id) begin
    select raise(abort, 'the audit log is only added to');
  end`,
  // The hashes of connections cannot be made, or turned back by trying, without it.
  `create table audit_key (
    one integer primary key check (one = 1),
    key text not null
  )`,
  `create table changes (
    one integer primary key check (one = 1),
    version text not null
  )`,
  `insert into changes values (1, 'first')`,
]
