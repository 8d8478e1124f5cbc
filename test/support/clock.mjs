// Loaded before the program (node --import): its clock stands CLOCK_OFFSET_MS beside the machine's.
const RealDate = Date
const offset = Number(process.env.CLOCK_OFFSET_MS)

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RealDate.now() + offset] : parts))
  }

  static now() {
    return RealDate.now() + offset
  }
}
