import { Menu, type MenuItemConstructorOptions } from 'electron'

/**
 * The keyboard commands that a window needs: editing, zoom for people who want larger text, full screen, quit. Roles
 * only, so that the system words them. Reload and developer tools exist while developing, not in the packaged app.
 */
export function installMenu({ packaged }: { packaged: boolean }): void {
  const developing: MenuItemConstructorOptions[] = packaged ? [] : [{ role: 'reload' }, { role: 'toggleDevTools' }]
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...developing,
  ]
  const first: MenuItemConstructorOptions[] =
    process.platform === 'darwin' ? [{ role: 'appMenu' }] : [{ role: 'fileMenu' }]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...first,
      { role: 'editMenu' },
      { role: 'viewMenu', submenu: view },
      { role: 'windowMenu' },
    ]),
  )
}
