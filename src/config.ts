import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { CofferError } from './errors.ts'
import type { Environment } from './model.ts'
import { Secret } from './secret.ts'
import { type Setting, settings } from './settings.ts'

