/* SPDX-License-Identifier: MIT */
/* speedscope: what speedscope's own importer makes of each file: a line of JSON per profile. */
import * as fs from 'fs'
import * as path from 'path'
import {importProfilesFromArrayBuffer} from 'speedscope-import'

async function main() {
  console.log = console.warn = console.error
  for (const file of process.argv.slice(2)) {
    const bytes = fs.readFileSync(file)
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    const group = await importProfilesFromArrayBuffer(path.basename(file), buffer)
    for (const profile of group ? group.profiles : []) {
      const self: {[name: string]: number} = {}
      profile.forEachFrame(frame => {
        self[frame.name] = (self[frame.name] || 0) + frame.getSelfWeight()
      })
      process.stdout.write(JSON.stringify({file, name: profile.getName(), unit: profile.getWeightUnit(),
                                           total: profile.getTotalWeight(), self}) + '\n')
    }
  }
}
main().catch(error => {
  console.error(error)
  process.exit(1)
})
