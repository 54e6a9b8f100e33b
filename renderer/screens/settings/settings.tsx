import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { Page } from '../../components/page.tsx'
import { RadioCards } from '../../components/radio-cards.tsx'
import { t } from '../../format/message.ts'
import { runCommand } from '../../state/commands.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import { About } from './about.tsx'

const themes = ['system', 'light', 'dark'] as const

/** How Hearth looks, and what it is. */
export function Settings(): ReactElement {
  const theme = useSnapshot((snapshot) => snapshot.theme)
  const options = themes.map((value) => ({
    value,
    title: t(`settings.theme.${value}`),
    text: t(`settings.theme.${value}Text`),
  }))
  return (
    <Page title={t('settings.title')} lead={t('settings.lead')}>
      <Card heading={t('settings.theme')}>
        <RadioCards
          label={t('settings.theme')}
          value={theme}
          options={options}
          onChoose={(chosen) => void runCommand('settings:setTheme', { theme: chosen })}
          className="rail:grid-cols-3"
        />
      </Card>
      <About />
    </Page>
  )
}
