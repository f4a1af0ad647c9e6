// Starts the page.
import { render } from 'preact'
import './styles/fonts.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/parts.css'
import './styles/report.css'
import { App } from './app.tsx'
import { readAddress } from './state/address.ts'
import { beginSession } from './state/session.ts'

readAddress()
window.addEventListener('popstate', readAddress)
// A second access link may be opened in a page that is already there.
window.addEventListener('hashchange', () => { if (location.hash.length > 1) void beginSession() })
void beginSession()
const root = document.getElementById('page') as HTMLElement
root.replaceChildren()
render(<App />, root)
