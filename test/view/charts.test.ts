import { describe, expect, it } from 'vitest'
import { columnChart, lineChart, shareBar } from '../../src/view/charts.ts'
import { firstDays, monthsOf, monthsView } from '../../src/view/months.ts'
import { netWorthView } from '../../src/view/net-worth.ts'

const told = { title: 'T', summary: 'S', columns: ['Day', '#Value'], rows: [['a', '1']] }
const labels = { top: '2', bottom: '-1', along: ['a', 'b'] }

async function points(html: unknown): Promise<number[][]> {
  const [, text = ''] = /points="([^"]*)"/.exec(String(await html)) ?? []
  return text.split(' ').map((pair) => pair.split(',').map(Number))
}

describe('a line', () => {
  it('goes from edge to edge, the highest value above all others', async () => {
    const values = [1, 4, -2].map((value, index) => ({ at: index / 2, value, whole: true }))
    expect(await points(lineChart(values, told, labels))).toEqual([
      [0, 90],
      [300, 8],
      [600, 172],
    ])
  })

  it('is flat, and drawn, where nothing changes', async () => {
    const values = [0, 1].map((at) => ({ at, value: 7, whole: true }))
    expect(await points(lineChart(values, told, labels))).toEqual([
      [0, 8],
      [600, 8],
    ])
  })

  it('is told in words and figures too', async () => {
    const html = String(await lineChart([{ at: 0, value: 1, whole: false }], told, labels))
    expect(html).toContain('role="img" aria-label="S"')
    expect(html).toMatch(/<details>[^]*<th scope="row" role="rowheader" class="text">a<\/th>/)
    expect(html.match(/class="hole"/g)).toHaveLength(1)
  })
})

describe('columns', () => {
  it('of many times are thinner, with room between the times', async () => {
    const html = String(
      await columnChart(
        Array.from({ length: 10 }, () => [1, 1]),
        told,
        labels,
      ),
    )
    expect([...html.matchAll(/ x="(\d+)"[^>]* width="18"/g)].slice(0, 3).map(([, x]) => x)).toEqual([
      '12',
      '30',
      '72',
    ])
  })

  it('stand on the zero line, and hang from it where they are below', async () => {
    const html = String(await columnChart([[10, -10]], told, labels))
    expect(html).toContain('<rect class="c0" x="240" y="8" width="60" height="82" />')
    expect(html).toContain('<rect class="c1" x="300" y="90" width="60" height="82" />')
  })
})

it('a bar shows no more than all, and no less than nothing', async () => {
  for (const [share, width] of [
    [0.123, '12.3'],
    [-1, '0'],
    [7, '100'],
  ] as const)
    expect(String(await shareBar(share))).toContain(`class="c0" width="${width}"`)
})

describe('the months', () => {
  const month = { month: '2026-11', currency: 'USD', income: 10, expenses: -4, net: 6, whole: true }

  it('can be fetched where one is missing or not whole, and need not where all are', async () => {
    const [whole, short] = [[month], [month, { ...month, whole: false }]]
    expect(String(await monthsView(whole, '2026-11-01'))).not.toContain('<button')
    expect(String(await monthsView(whole, '2026-10-01'))).toContain('<button')
    const html = String(await monthsView(short, '2026-11-01'))
    expect(html).toContain('data-tool="get_cash_flow"')
    expect(html).toContain('2026-11* $6.00')
    expect(String(await monthsView([], '2026-06-01'))).toContain('<button')
  })

  it('are those of a cash flow by month, the oldest first', () => {
    const { month: key, whole: _, ...amounts } = month
    const groups = [
      { key, ...amounts, count: 1 },
      { key: '2026-10', partial: true, ...amounts, count: 2 },
    ]
    expect(monthsOf({ groups })).toMatchObject([
      { month: '2026-10', whole: false, net: 6 },
      { month: '2026-11', whole: true },
    ])
    expect(firstDays('2026-02-28')).toEqual([
      '2025-09-01',
      '2025-10-01',
      '2025-11-01',
      '2025-12-01',
      '2026-01-01',
      '2026-02-01',
    ])
  })

  it('are drawn for each currency', async () => {
    const html = String(await monthsView([month, { ...month, currency: 'JPY', income: 500 }], ''))
    expect(html.match(/<figure/g)).toHaveLength(2)
    expect(html).toContain('¥500')
  })
})

describe('the net worth', () => {
  const point = (date: string, value: number, currency = 'USD') => ({ date, value, currency, complete: true })

  it('is drawn by the calendar, for each currency that has two days', async () => {
    const all = [
      point('2026-11-01', -5),
      point('2026-11-02', 0),
      point('2026-11-11', 5),
      point('2026-11-11', 1, 'EUR'),
    ]
    const html = String(await netWorthView(all))
    expect(html.match(/<figure/g)).toHaveLength(1)
    expect((await points(html)).map(([x]) => x)).toEqual([0, 60, 600])
    expect(html).toContain('-$5.00 on 2026-11-01, $5.00 on 2026-11-11')
  })

  it('waits for a second day', async () => {
    expect(String(await netWorthView([point('2026-11-01', 1)]))).not.toContain('<figure')
  })
})
