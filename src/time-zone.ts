/** The machine's time zone, such as Europe/Berlin. UTC where TZ names none that Node knows: its clock runs by UTC then. */
export function machineTimeZone(): string {
  // Undefined or unusable there, whatever its type says.
  const { timeZone }: { readonly timeZone?: string } = Intl.DateTimeFormat().resolvedOptions()
  return timeZone !== undefined && isTimeZone(timeZone) ? timeZone : 'UTC'
}

function isTimeZone(timeZone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
