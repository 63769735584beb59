// Unpacks Chromium into TMPDIR, where the package puts it, and the libraries it
// is linked with, which the package has for machines that are bare.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import chromium, { inflate } from '@sparticuz/chromium';

const packed = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'bin');
chromium.setGraphicsMode = false;
await chromium.executablePath();
await inflate(join(packed, 'al2023.tar.br'));

// The font of the package alone, so that pages measure the same everywhere.
const fonts = join(process.env.TMPDIR, 'fonts');
writeFileSync(join(fonts, 'fonts.conf'), `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(fonts, 'fonts')}</dir><cachedir>${join(fonts, 'cache')}</cachedir></fontconfig>
`);
