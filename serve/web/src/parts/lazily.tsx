// A page that is fetched when it is first shown.
import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import type { Board } from '../../../board/board-schema.ts'
import { words } from '../state/taste.ts'

type PageComponent = ComponentType<{ board: Board }>

/** Shows `loading` until the page is here, and a way to try again if it does not come. */
export function lazily (load: () => Promise<PageComponent>): PageComponent {
  const found = signal<PageComponent | null>(null)
  const failed = signal(false)
  let asked = false
  function ask (): void {
    asked = true
    failed.value = false
    load().then(component => { found.value = component }, () => { failed.value = true })
  }
  return function Later (props) {
    if (!asked) ask()
    const Found = found.value
    if (Found !== null) return <Found {...props} />
    if (!failed.value) return <p class='message' role='status'>{words.value.loading}</p>
    return <p class='message' role='alert'>{words.value.failed} <button type='button' onClick={ask}>{words.value.again}</button></p>
  }
}
