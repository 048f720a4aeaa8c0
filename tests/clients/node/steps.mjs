// The portal under test, and the steps that are counted.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** The example `portal`, started by its path with its arguments. */
export class Portal {
  #process
  #lines

  static async start([program, ...args]) {
    const portal = new Portal()
    portal.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    portal.#lines = createInterface({ input: portal.#process.stdout })[Symbol.asyncIterator]()
    portal.about = JSON.parse(await portal.#line())
    return portal
  }

  /** The next request is answered with this error. */
  async failNext(code) {
    this.#process.stdin.write(`${code}\n`)
    if (await this.#line() !== code) {
      throw new Error('the portal says something else')
    }
  }

  async stop() {
    this.#process.stdin.end()
    await once(this.#process, 'exit')
  }

  async #line() {
    const { value, done } = await this.#lines.next()
    if (done) {
      throw new Error('the portal stopped')
    }
    return value
  }
}

/** The step is not for this portal; the message says why. */
export class Skip extends Error {}

/** How the steps went. */
export class Steps {
  passed = 0
  failed = 0
  skipped = 0

  /** Runs a step; an error for which `skips` has a reason skips it. */
  async step(name, run, skips = () => undefined) {
    try {
      await run()
      this.passed += 1
      console.log(`ok    ${name}`)
    } catch (error) {
      const reason = error instanceof Skip ? error.message : skips(error)
      if (reason) {
        this.skipped += 1
        console.log(`skip  ${name}: ${reason}`)
      } else {
        this.failed += 1
        console.log(`FAIL  ${name}`)
        console.log(error)
      }
    }
  }

  /** Prints the sums and sets the exit code. */
  finish() {
    console.log(`${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`)
    process.exitCode = this.failed ? 1 : 0
  }
}
