// Loaded before the server (node --import): its clock stands EVAL_OFFSET_MS beside the machine's, so that what the
// conversations say does not change with the calendar.
const RealDate = Date
const offset = Number(process.env.EVAL_OFFSET_MS)

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RealDate.now() + offset] : parts))
  }

  static now() {
    return RealDate.now() + offset
  }
}
