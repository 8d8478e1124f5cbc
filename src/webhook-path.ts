/** Where the listener takes webhooks; it answers nothing else. */
export const webhookPath = '/plaid/webhook'
