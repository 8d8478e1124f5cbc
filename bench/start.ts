import { coffer, floor, settingsOf, withHome } from './coffer.ts'
import { type Figure, median } from './figure.ts'
import { withServer } from './stdio-server.ts'

const runs = 15

/** From spawn to the answer to the first tools/list, and how large that answer is. */
export async function measureStart(): Promise<Figure[]> {
  return await withHome(async (home) => {
    const ours = async () => await timed(coffer, settingsOf(home))
    const theirs = async () => await timed(floor, {})
    await ours()
    await theirs()
    const [oursMs, floorMs]: [number[], number[]] = [[], []]
    for (let run = 0; run < runs; run += 1) {
      floorMs.push((await theirs()).ms)
      oursMs.push((await ours()).ms)
    }
    const { tools } = await ours()
    return [
      { name: 'spawn -> tools/list', unit: 'ms', value: median(oursMs), floor: median(floorMs), budget: 0.8 },
      {
        name: 'size of tools/list',
        unit: 'kB',
        value: Buffer.byteLength(JSON.stringify(tools)) / 1000,
        budget: 24,
      },
    ]
  })
}

async function timed(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ ms: number; tools: unknown }> {
  const start = performance.now()
  return await withServer(args, env, async ({ request }) => {
    const tools = await request('tools/list')
    return { ms: performance.now() - start, tools }
  })
}
