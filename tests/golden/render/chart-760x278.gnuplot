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
	<path stroke='rgb(  1,   3,   1)'  d='M114.22,240.00 L114.22,238.20  '/>	<g transform="translate(114.22,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>0</text>
	<path stroke='rgb(  1,   3,   1)'  d='M212.45,240.00 L212.45,238.20  '/>	<g transform="translate(212.45,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>1</text>
	<path stroke='rgb(  1,   3,   1)'  d='M301.18,240.00 L301.18,238.20  '/>	<g transform="translate(301.18,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>2</text>
	<path stroke='rgb(  1,   3,   1)'  d='M399.41,240.00 L399.41,238.20  '/>	<g transform="translate(399.41,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>3</text>
	<path stroke='rgb(  1,   3,   1)'  d='M494.47,240.00 L494.47,238.20  '/>	<g transform="translate(494.47,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>4</text>
	<path stroke='rgb(  1,   3,   1)'  d='M592.71,240.00 L592.71,238.20  '/>	<g transform="translate(592.71,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>5</text>
	<path stroke='rgb(  1,   3,   1)'  d='M687.77,240.00 L687.77,238.20  '/>	<g transform="translate(687.77,261.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>6</text>
	<path stroke='rgb(  1,   9,   1)'  d='M494.48,239.99 L494.48,50.00  '/></g>
		<polygon fill = 'rgb(  1,   6,   1)' points = '78.73,240.00 114.23,240.00 114.23,187.53 78.73,187.53 '/>
		<polygon fill = 'rgb(  1,   6,   1)' points = '176.96,240.00 212.46,240.00 212.46,108.84 176.96,108.84 '/>
		<polygon fill = 'rgb(  1,   6,   1)' points = '265.69,240.00 301.19,240.00 301.19,226.88 265.69,226.88 '/>
		<polygon fill = 'rgb(  1,   6,   1)' points = '458.98,240.00 494.48,240.00 494.48,161.30 458.98,161.30 '/>
		<polygon fill = 'rgb(  1,   6,   1)' points = '652.28,240.00 687.78,240.00 687.78,60.75 652.28,60.75 '/>
		<polygon fill = 'rgb(  1,   6,   2)' points = '114.22,240.00 149.72,240.00 149.72,231.25 114.22,231.25 '/>
		<polygon fill = 'rgb(  1,   6,   2)' points = '212.45,240.00 247.95,240.00 247.95,235.62 212.45,235.62 '/>
		<polygon fill = 'rgb(  1,   6,   2)' points = '301.18,240.00 336.68,240.00 336.68,226.88 301.18,226.88 '/>
		<polygon fill = 'rgb(  1,   6,   2)' points = '687.77,240.00 723.27,240.00 723.27,187.53 687.77,187.53 '/>
<g fill="none" color="white" stroke="rgb(  1,   6,   2)" stroke-width="2.00" stroke-linecap="butt" stroke-linejoin="miter">
</svg>
