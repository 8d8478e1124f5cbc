/** A table; what would end a cell is escaped. */
export function table(heads, rows) {
  const lines = [heads, heads.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')
}

export function page(title, ...parts) {
  const note = '<!-- Made by `npm run docs` from the sources. Change those, not this file. -->'
  return `${[`# ${title}`, note, ...parts].join('\n\n')}\n`
}

export function code(text) {
  return `\`${text}\``
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
