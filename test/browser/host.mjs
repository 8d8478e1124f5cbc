// A host as small as can be, by the official bridge: shows one page of a server in a frame, and passes on what it asks.
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge'

const frame = document.querySelector('iframe')
const callsTools = document.documentElement.dataset.callsTools === 'true'
const capabilities = { openLinks: {}, ...(callsTools ? { serverTools: {} } : {}) }
const bridge = new AppBridge(null, { name: 'test', version: '1' }, capabilities, {
  hostContext: { theme: 'dark' },
})

if (callsTools) bridge.oncalltool = (params) => window.callTool(params)
bridge.onopenlink = ({ url }) => window.openLink(url)
bridge.onsizechange = ({ height }) => {
  frame.height = height
}
bridge.oninitialized = () => void begin()
window.changeTheme = (theme) => bridge.setHostContext({ theme })
await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow))
frame.src = frame.dataset.src

async function begin() {
  const { args, result } = await window.firstCall()
  await bridge.sendToolInput({ arguments: args })
  if (result === null) return await bridge.sendToolCancelled({ reason: 'the person' })
  await bridge.sendToolResult(result)
}
