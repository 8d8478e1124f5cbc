/** The tools that a sentence for a model may name; before a colon it is one that complains of its arguments. */
export const toolNames =
  /\b(list_connections|connect_bank|start_reauth|check_connection|revoke_connection|sync_snapshot|get_positions|search_transactions|get_cash_flow|get_history|get_upcoming|set_rule|reconcile_account|account_health|sync_schedule|token_analytics|cleanup_tokens)\b(?!:)/

/** What stands in the middle of a sentence that a person needs too. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/; search_transactions has them/g, ''],
  [/before set_rule changed them/g, 'before you changed them'],
  [/the state shown is that of last_checked_at/g, 'what is shown was known before'],
  [/See its next_step\./g, 'What to do stands beside it.'],
  [/Call check_connection with item_id=\S+, and if [^.]*force=true\./g, 'It can be started from the chat.'],
  [/: call start_reauth with item_id=\S+ and add_products=\S+ /g, '; they can be asked for from the chat '],
  [/ ?Start the repair and open its link\./g, ''],
  [/Ask again in a minute\./g, 'Try again in a minute.'],
  [/ \(item_id [^)]*\)/g, ''],
]

/** What tools say, for a person: a model is told which tool to call, where a person sees a button. */
export function plain(text: string): string {
  const worded = phrases.reduce((all, [from, to]) => all.replace(from, to), text)
  const sentences = worded.split(/(?<=[.!?])\s+/)
  return sentences.filter((sentence) => !toolNames.test(sentence)).join(' ')
}
