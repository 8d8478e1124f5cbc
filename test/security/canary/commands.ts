/** How each command is run: as it is meant, for a program, and wrongly. A word in capitals is filled in by the test. */
export const commands: Readonly<Record<string, readonly (readonly string[])[]>> = {
  list: [[], ['--refresh'], ['--json'], ['--nonsense']],
  sync: [
    ['--max-age', '0'],
    ['--live-balances', '--json'],
    ['--days', 'many'],
  ],
  positions: [[], ['--json'], ['--item-id', 'nobody'], ['--group-by', 'colour']],
  'tokens analytics': [[], ['--json'], ['more']],
  'tokens cleanup': [['--dry-run'], ['--json'], ['--days', '0']],
  export: [
    ['transactions'],
    ['transactions', '--json', '--out', 'FILE.json'],
    ['balances', '--out', 'FILE.csv'],
    ['snapshots', '--json'],
    ['everything'],
    ['balances', '--out', '/nowhere/at/all.csv'],
  ],
  reauth: [['--item-id', 'nobody'], ['--json'], ['--item-id', 'SECRET'], ['--no-browser', '--nonsense']],
  connect: [
    ['--kind', 'casino'],
    ['--json', '--kind', 'casino'],
  ],
  'keys status': [[], ['--json'], ['more']],
  'keys rotate': [[], ['--json']],
  'keys retire': [[], ['--json']],
  backup: [[], ['--json'], ['more']],
  restore: [
    ['--list'],
    ['--list', '--json'],
    ['nonsense'],
    ['--yes'],
    ['--yes', '--json'],
    ['/nowhere/at/all.db', '--yes'],
  ],
  call: [
    ['sync_snapshot', '{"days": 90}'],
    ['list_connections', '{"SECRET": 1}'],
    ['start_reauth', '{"item_id": "SECRET"}'],
    ['nonsense'],
    ['sync_snapshot', '{'],
  ],
  audit: [[], ['--json'], ['--from', 'never'], ['--item-id', 'SECRET'], ['--item-id', 'ITEM', '--json']],
  doctor: [[], ['--json'], ['--check-minutes', 'often'], ['--base-url', 'http://127.0.0.1:1']],
  install: [['claude-desktop', '--yes'], ['claude-code', '--dry-run', '--with-keys'], ['some-editor']],
  uninstall: [['claude-desktop', '--yes'], ['claude-code', '--dry-run'], ['some-editor']],
  'tokens import': [[], ['--json'], ['--keep', '--json'], ['SECRET']],
  'tokens revoke': [[], ['nobody', '--yes'], ['SECRET', '--yes', '--json'], ['ITEM', '--yes', '--json']],
  setup: [[], ['--yes'], ['--yes', '--json', '--polling'], ['--yes', '--client-id', 'SECRET']],
  demo: [['--nonsense']],
  erase: [[], ['--json'], ['--yes', '--json']],
}

/** These go on until they are stopped; the test does that when they have said something. */
export const lasting: Readonly<Record<string, readonly string[]>> = {
  listen: [],
  open: ['--json'],
}

/** Every command of ours that a help text lists. */
export function commandsIn(help: string): string[] {
  const [, list = ''] = help.split(/^Commands:$/m)
  const names = [...list.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name = '']) => name)
  return names.filter((name) => name !== 'help')
}
