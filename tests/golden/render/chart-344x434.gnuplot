	<path stroke='rgb(  1,   3,   1)'  d='M52.00,214.00 L53.80,214.00  '/>	<g transform="translate(43.61,217.90)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>0</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,181.73 L53.80,181.73  '/>	<g transform="translate(43.61,185.63)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>50</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,149.46 L53.80,149.46  '/>	<g transform="translate(43.61,153.36)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>100</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,117.19 L53.80,117.19  '/>	<g transform="translate(43.61,121.09)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>150</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,84.91 L53.80,84.91  '/>	<g transform="translate(43.61,88.81)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>200</text>
	<path stroke='rgb(  1,   3,   1)'  d='M74.92,214.00 L74.92,212.20  '/>	<g transform="translate(74.92,235.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M109.90,214.00 L109.90,212.20  '/>	<g transform="translate(109.90,235.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M144.89,214.00 L144.89,212.20  '/>	<g transform="translate(144.89,235.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M179.88,214.00 L179.88,212.20  '/>	<g transform="translate(179.88,235.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M214.86,214.00 L214.86,212.20  '/>	<g transform="translate(214.86,235.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M249.85,214.00 L249.85,212.20  '/>	<g transform="translate(249.85,235.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M284.83,214.00 L284.83,212.20  '/>	<g transform="translate(284.83,235.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M319.82,214.00 L319.82,212.20  '/>	<g transform="translate(319.82,235.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   9,   1)'  d='M52.01,149.45 L334.00,149.45  '/>	<path stroke='rgb(  1,   9,   2)'  d='M302.34,213.99 L302.34,84.00  '/></g>
	<path stroke='rgb(  1,   4,   1)'  d='M57.42,208.84 L144.89,208.71 L232.35,208.26 L302.33,206.25 L328.57,197.22 L316.32,187.54  '/></g>
	<use xlink:href='#gpPt6' transform='translate(57.42,208.84) scale(4.50)' color='rgb(  1,   5,   1)'/>
	<use xlink:href='#gpPt6' transform='translate(144.89,208.71) scale(4.50)' color='rgb(  1,   5,   1)'/>
	<use xlink:href='#gpPt6' transform='translate(232.35,208.26) scale(4.50)' color='rgb(  1,   5,   1)'/>
	<use xlink:href='#gpPt6' transform='translate(302.33,206.25) scale(4.50)' color='rgb(  1,   5,   1)'/>
	<use xlink:href='#gpPt6' transform='translate(328.57,197.22) scale(4.50)' color='rgb(  1,   5,   1)'/>
	<use xlink:href='#gpPt6' transform='translate(316.32,187.54) scale(4.50)' color='rgb(  1,   5,   1)'/>
		<polygon fill = 'rgb(  1,   7,   2)' points = '57.42,205.87 144.89,205.29 232.35,202.96 302.33,193.09 328.57,162.88 316.32,132.68 316.32,105.57 328.57,145.84 302.33,186.12 232.35,199.28 144.89,202.38 57.42,203.16 '/>
	<path stroke='rgb(  1,   4,   2)'  d='M57.42,204.96 L144.89,204.32 L232.35,201.74 L302.33,190.76 L328.57,157.20 L316.32,123.64  '/></g>
	<use xlink:href='#gpPt6' transform='translate(57.42,204.96) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<use xlink:href='#gpPt6' transform='translate(144.89,204.32) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<use xlink:href='#gpPt6' transform='translate(232.35,201.74) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<use xlink:href='#gpPt6' transform='translate(302.33,190.76) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<use xlink:href='#gpPt6' transform='translate(328.57,157.20) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<use xlink:href='#gpPt6' transform='translate(316.32,123.64) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<path stroke='rgb(  1,   4,   3)'  d='M57.42,201.09 L144.89,199.80 L232.35,193.99 L302.33,175.27 L328.57,136.55 L316.32,91.37  '/></g>
	<use xlink:href='#gpPt6' transform='translate(57.42,201.09) scale(4.50)' color='rgb(  1,   5,   3)'/>
	<use xlink:href='#gpPt6' transform='translate(144.89,199.80) scale(4.50)' color='rgb(  1,   5,   3)'/>
	<use xlink:href='#gpPt6' transform='translate(232.35,193.99) scale(4.50)' color='rgb(  1,   5,   3)'/>
	<use xlink:href='#gpPt6' transform='translate(302.33,175.27) scale(4.50)' color='rgb(  1,   5,   3)'/>
	<use xlink:href='#gpPt6' transform='translate(328.57,136.55) scale(4.50)' color='rgb(  1,   5,   3)'/>
	<use xlink:href='#gpPt6' transform='translate(316.32,91.37) scale(4.50)' color='rgb(  1,   5,   3)'/>
<g fill="none" color="white" stroke="rgb(  1,   5,   3)" stroke-width="2.00" stroke-linecap="butt" stroke-linejoin="miter">
	<path stroke='rgb(  2,   3,   1)'  d='M52.00,396.01 L53.80,396.01  '/>	<g transform="translate(43.61,399.91)" stroke="none" fill="rgb(2,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>0</text>
	<path stroke='rgb(  2,   3,   1)'  d='M52.00,365.35 L53.80,365.35  '/>	<g transform="translate(43.61,369.25)" stroke="none" fill="rgb(2,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>0.5</text>
	<path stroke='rgb(  2,   3,   1)'  d='M52.00,334.69 L53.80,334.69  '/>	<g transform="translate(43.61,338.59)" stroke="none" fill="rgb(2,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>1</text>
	<path stroke='rgb(  2,   3,   1)'  d='M52.00,304.03 L53.80,304.03  '/>	<g transform="translate(43.61,307.93)" stroke="none" fill="rgb(2,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>1.5</text>
	<path stroke='rgb(  2,   3,   1)'  d='M52.00,273.37 L53.80,273.37  '/>	<g transform="translate(43.61,277.27)" stroke="none" fill="rgb(2,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>2</text>
	<path stroke='rgb(  2,   3,   1)'  d='M74.92,396.01 L74.92,394.21  '/>	<g transform="translate(74.92,417.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>60</text>
	<path stroke='rgb(  2,   3,   1)'  d='M109.90,396.01 L109.90,394.21  '/>	<g transform="translate(109.90,417.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>80</text>
	<path stroke='rgb(  2,   3,   1)'  d='M144.89,396.01 L144.89,394.21  '/>	<g transform="translate(144.89,417.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>100</text>
	<path stroke='rgb(  2,   3,   1)'  d='M179.88,396.01 L179.88,394.21  '/>	<g transform="translate(179.88,417.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>120</text>
	<path stroke='rgb(  2,   3,   1)'  d='M214.86,396.01 L214.86,394.21  '/>	<g transform="translate(214.86,417.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>140</text>
	<path stroke='rgb(  2,   3,   1)'  d='M249.85,396.01 L249.85,394.21  '/>	<g transform="translate(249.85,417.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>160</text>
	<path stroke='rgb(  2,   3,   1)'  d='M284.83,396.01 L284.83,394.21  '/>	<g transform="translate(284.83,417.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>180</text>
	<path stroke='rgb(  2,   3,   1)'  d='M319.82,396.01 L319.82,394.21  '/>	<g transform="translate(319.82,417.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>200</text>
	<path stroke='rgb(  2,   9,   3)'  d='M302.34,396.00 L302.34,266.00  '/></g>
	<path stroke='rgb(  2,   8,   4)'  d='M328.57,334.69 L328.57,273.37  '/></g>
	<use xlink:href='#gpPt6' transform='translate(57.42,396.01) scale(4.50)' color='rgb(  2,   5,   4)'/>
	<use xlink:href='#gpPt6' transform='translate(144.89,371.48) scale(4.50)' color='rgb(  2,   5,   4)'/>
	<use xlink:href='#gpPt6' transform='translate(232.35,346.95) scale(4.50)' color='rgb(  2,   5,   4)'/>
	<use xlink:href='#gpPt6' transform='translate(302.33,322.43) scale(4.50)' color='rgb(  2,   5,   4)'/>
	<use xlink:href='#gpPt6' transform='translate(328.57,297.90) scale(4.50)' color='rgb(  2,   5,   4)'/>
	<use xlink:href='#gpPt6' transform='translate(316.32,273.37) scale(4.50)' color='rgb(  2,   5,   4)'/>
<g fill="none" color="white" stroke="rgb(  2,   5,   4)" stroke-width="2.00" stroke-linecap="butt" stroke-linejoin="miter">
</svg>
