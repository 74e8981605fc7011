	<path stroke='rgb(  1,   3,   1)'  d='M52.00,240.00 L53.80,240.00  '/>	<g transform="translate(43.61,243.90)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>0</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,218.14 L53.80,218.14  '/>	<g transform="translate(43.61,222.04)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>5</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,196.28 L53.80,196.28  '/>	<g transform="translate(43.61,200.18)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>10</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,174.43 L53.80,174.43  '/>	<g transform="translate(43.61,178.33)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>15</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,152.57 L53.80,152.57  '/>	<g transform="translate(43.61,156.47)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>20</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,130.71 L53.80,130.71  '/>	<g transform="translate(43.61,134.61)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>25</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,108.85 L53.80,108.85  '/>	<g transform="translate(43.61,112.75)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>30</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,86.99 L53.80,86.99  '/>	<g transform="translate(43.61,90.89)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>35</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,65.14 L53.80,65.14  '/>	<g transform="translate(43.61,69.04)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>40</text>
	<path stroke='rgb(  1,   3,   1)'  d='M77.14,240.00 L77.14,238.20  '/>	<g transform="translate(77.14,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>0</text>
	<path stroke='rgb(  1,   3,   1)'  d='M152.67,240.00 L152.67,238.20  '/>	<g transform="translate(152.67,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>1</text>
	<path stroke='rgb(  1,   3,   1)'  d='M230.76,240.00 L230.76,238.20  '/>	<g transform="translate(230.76,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>2</text>
	<path stroke='rgb(  1,   3,   1)'  d='M308.85,240.00 L308.85,238.20  '/>	<g transform="translate(308.85,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>3</text>
	<path stroke='rgb(  1,   9,   1)'  d='M230.77,239.99 L230.77,50.00  '/></g>
		<polygon fill = 'rgb(  1,   6,   1)' points = '62.80,240.00 77.15,240.00 77.15,187.53 62.80,187.53 '/>
		<polygon fill = 'rgb(  1,   6,   1)' points = '102.49,240.00 116.83,240.00 116.83,108.84 102.49,108.84 '/>
		<polygon fill = 'rgb(  1,   6,   1)' points = '138.33,240.00 152.68,240.00 152.68,226.88 138.33,226.88 '/>
		<polygon fill = 'rgb(  1,   6,   1)' points = '216.42,240.00 230.77,240.00 230.77,161.30 216.42,161.30 '/>
		<polygon fill = 'rgb(  1,   6,   1)' points = '294.51,240.00 308.86,240.00 308.86,60.75 294.51,60.75 '/>
		<polygon fill = 'rgb(  1,   6,   2)' points = '77.14,240.00 91.49,240.00 91.49,231.25 77.14,231.25 '/>
		<polygon fill = 'rgb(  1,   6,   2)' points = '116.82,240.00 131.17,240.00 131.17,235.62 116.82,235.62 '/>
		<polygon fill = 'rgb(  1,   6,   2)' points = '152.67,240.00 167.02,240.00 167.02,226.88 152.67,226.88 '/>
		<polygon fill = 'rgb(  1,   6,   2)' points = '308.85,240.00 323.20,240.00 323.20,187.53 308.85,187.53 '/>
<g fill="none" color="white" stroke="rgb(  1,   6,   2)" stroke-width="2.00" stroke-linecap="butt" stroke-linejoin="miter">
</svg>
