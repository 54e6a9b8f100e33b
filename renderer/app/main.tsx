import '@fontsource-variable/inter/opsz.css'
import './styles.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { applyRememberedTheme } from './theme.ts'

applyRememberedTheme()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root".')

// The page's policy allows no inline style element; Base UI is told not to make any.
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <App />
    </CSPProvider>
  </StrictMode>,
)
