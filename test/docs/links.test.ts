// Documents lead somewhere, and say nothing of the machine or the registry they were made with.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../core/package-root.ts'
import { projectPaths, readText } from './documents.ts'

interface Manifest { dependencies: Record<string, string>, devDependencies: Record<string, string> }

const TEXT = /\.(ts|cts|js|mjs|sql|md|json|ya?ml|html|css|example)$|^(Dockerfile|\.\w+|LICENSE)$/
const REGISTRY = /https?:\/\/[^\s"')>]*(?:registry|artifactory|nexus|verdaccio)[^\s"')>]*/gi

const paths = projectPaths()
const pages = paths.filter(path => path.endsWith('.md') && !path.startsWith('test/fixtures/'))

describe('documents', () => {
  it('link to files and headings that exist', () => {
    const dead = pages.flatMap(page => linksOf(page).filter(link => !leads(page, link)).map(link => `${page}: ${link}`))
    expect(pages.length).toBeGreaterThan(30)
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(50)
    expect(dead).toEqual([])
  })

  it('are all in the index of docs/', () => {
    const listed = new Set(linksOf('docs/README.md').map(link => join('docs', link)))
    const inDocs = pages.filter(page => /^docs\/.+\.md$/.test(page) && page !== 'docs/README.md')
    expect(inDocs.filter(page => !listed.has(page))).toEqual([])
  })

  it('that record a decision have context, decision, status and consequences', () => {
    const records = pages.filter(page => page.startsWith('docs/adr/'))
    expect(records.length).toBeGreaterThan(5)
    for (const record of records) {
      const text = readText(record)
      expect(text, record).toMatch(/^# \d{4} .+\n/)
      for (const part of ['Status', 'Context', 'Decision', 'Consequences']) expect(text, record).toContain(`**${part}`)
      expect(text.split('\n').length, record).toBeLessThan(60)
    }
  })

  it('name libraries that the package has', () => {
    const text = readText('docs/adr/0008-libraries.md')
    const manifest = JSON.parse(readText('package.json')) as Manifest
    const versions = { ...manifest.dependencies, ...manifest.devDependencies }
    const named = [...text.matchAll(/^\| (?!library|---)([^|]+) \|/gm)]
      .flatMap(([, names]) => (names as string).split(/, | \+ /))
    expect(named.length).toBeGreaterThan(12)
    for (const item of named) {
      const [name, version] = item.split(' ') as [string, string?]
      expect(versions[name], name).toBeDefined()
      if (version !== undefined) expect(versions[name]?.startsWith(version), item).toBe(true)
    }
  })

  it('and code name no package registry but npm\'s own address', () => {
    const texts = paths.filter(path => TEXT.test(path))
    const found = texts.flatMap(path => (readText(path).match(REGISTRY) ?? [])
      .filter(address => !address.startsWith('https://registry.npmjs.org/')).map(address => `${path}: ${address}`))
    expect(texts.length).toBeGreaterThan(200)
    expect(found).toEqual([])
  })

  it('avoid words that make light of a task', () => {
    const words = new RegExp(`\\b(${['just', 'easy', 'easily', 'simply'].join('|')})\\b`, 'i')
    const own = ['README.md', 'CHANGELOG.md', ...pages.filter(page => page.startsWith('docs/'))]
    const found = own.flatMap(page => readText(page).split('\n').filter(line => words.test(line))
      .map(line => `${page}: ${line}`))
    expect(found).toEqual([])
  })
})

/** Targets of the links of a page that stay in the project. */
function linksOf (page: string): string[] {
  const text = readText(page).replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string)
    .filter(target => !/^[a-z]+:/.test(target))
}

function leads (page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(packageFile(target))) return false
  return anchor === undefined || headingsOf(target).includes(anchor)
}

/** The anchors of a page's headings, as GitHub makes them. */
function headingsOf (page: string): string[] {
  return [...readText(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading as string).toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
}
