	<path stroke='rgb(  1,   3,   1)'  d='M52.00,197.00 L53.80,197.00  '/>	<g transform="translate(43.61,200.90)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>0</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,164.73 L53.80,164.73  '/>	<g transform="translate(43.61,168.63)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>50</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,132.46 L53.80,132.46  '/>	<g transform="translate(43.61,136.36)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>100</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,100.19 L53.80,100.19  '/>	<g transform="translate(43.61,104.09)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>150</text>
	<path stroke='rgb(  1,   3,   1)'  d='M52.00,67.91 L53.80,67.91  '/>	<g transform="translate(43.61,71.81)" stroke="none" fill="rgb(1,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>200</text>
	<path stroke='rgb(  1,   3,   1)'  d='M108.72,197.00 L108.72,195.20  '/>	<g transform="translate(108.72,218.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M195.32,197.00 L195.32,195.20  '/>	<g transform="translate(195.32,218.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M281.92,197.00 L281.92,195.20  '/>	<g transform="translate(281.92,218.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M368.52,197.00 L368.52,195.20  '/>	<g transform="translate(368.52,218.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M455.12,197.00 L455.12,195.20  '/>	<g transform="translate(455.12,218.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M541.72,197.00 L541.72,195.20  '/>	<g transform="translate(541.72,218.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M628.32,197.00 L628.32,195.20  '/>	<g transform="translate(628.32,218.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   3,   1)'  d='M714.92,197.00 L714.92,195.20  '/>	<g transform="translate(714.92,218.90)" stroke="none" fill="rgb(1,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text></text>
	<path stroke='rgb(  1,   9,   1)'  d='M52.01,132.45 L750.00,132.45  '/>	<path stroke='rgb(  1,   9,   2)'  d='M671.63,196.99 L671.63,67.00  '/></g>
	<path stroke='rgb(  1,   4,   1)'  d='M65.42,191.84 L281.92,191.71 L498.42,191.26 L671.62,189.25 L736.57,180.22 L706.26,170.54  '/></g>
	<use xlink:href='#gpPt6' transform='translate(65.42,191.84) scale(4.50)' color='rgb(  1,   5,   1)'/>
	<use xlink:href='#gpPt6' transform='translate(281.92,191.71) scale(4.50)' color='rgb(  1,   5,   1)'/>
	<use xlink:href='#gpPt6' transform='translate(498.42,191.26) scale(4.50)' color='rgb(  1,   5,   1)'/>
	<use xlink:href='#gpPt6' transform='translate(671.62,189.25) scale(4.50)' color='rgb(  1,   5,   1)'/>
	<use xlink:href='#gpPt6' transform='translate(736.57,180.22) scale(4.50)' color='rgb(  1,   5,   1)'/>
	<use xlink:href='#gpPt6' transform='translate(706.26,170.54) scale(4.50)' color='rgb(  1,   5,   1)'/>
		<polygon fill = 'rgb(  1,   7,   2)' points = '65.42,188.87 281.92,188.29 498.42,185.96 671.62,176.09 736.57,145.88 706.26,115.68 706.26,88.57 736.57,128.84 671.62,169.12 498.42,182.28 281.92,185.38 65.42,186.16 '/>
	<path stroke='rgb(  1,   4,   2)'  d='M65.42,187.96 L281.92,187.32 L498.42,184.74 L671.62,173.76 L736.57,140.20 L706.26,106.64  '/></g>
	<use xlink:href='#gpPt6' transform='translate(65.42,187.96) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<use xlink:href='#gpPt6' transform='translate(281.92,187.32) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<use xlink:href='#gpPt6' transform='translate(498.42,184.74) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<use xlink:href='#gpPt6' transform='translate(671.62,173.76) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<use xlink:href='#gpPt6' transform='translate(736.57,140.20) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<use xlink:href='#gpPt6' transform='translate(706.26,106.64) scale(4.50)' color='rgb(  1,   5,   2)'/>
	<path stroke='rgb(  1,   4,   3)'  d='M65.42,184.09 L281.92,182.80 L498.42,176.99 L671.62,158.27 L736.57,119.55 L706.26,74.37  '/></g>
	<use xlink:href='#gpPt6' transform='translate(65.42,184.09) scale(4.50)' color='rgb(  1,   5,   3)'/>
	<use xlink:href='#gpPt6' transform='translate(281.92,182.80) scale(4.50)' color='rgb(  1,   5,   3)'/>
	<use xlink:href='#gpPt6' transform='translate(498.42,176.99) scale(4.50)' color='rgb(  1,   5,   3)'/>
	<use xlink:href='#gpPt6' transform='translate(671.62,158.27) scale(4.50)' color='rgb(  1,   5,   3)'/>
	<use xlink:href='#gpPt6' transform='translate(736.57,119.55) scale(4.50)' color='rgb(  1,   5,   3)'/>
	<use xlink:href='#gpPt6' transform='translate(706.26,74.37) scale(4.50)' color='rgb(  1,   5,   3)'/>
<g fill="none" color="white" stroke="rgb(  1,   5,   3)" stroke-width="2.00" stroke-linecap="butt" stroke-linejoin="miter">
	<path stroke='rgb(  2,   3,   1)'  d='M52.00,379.01 L53.80,379.01  '/>	<g transform="translate(43.61,382.91)" stroke="none" fill="rgb(2,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>0</text>
	<path stroke='rgb(  2,   3,   1)'  d='M52.00,348.35 L53.80,348.35  '/>	<g transform="translate(43.61,352.25)" stroke="none" fill="rgb(2,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>0.5</text>
	<path stroke='rgb(  2,   3,   1)'  d='M52.00,317.69 L53.80,317.69  '/>	<g transform="translate(43.61,321.59)" stroke="none" fill="rgb(2,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>1</text>
	<path stroke='rgb(  2,   3,   1)'  d='M52.00,287.03 L53.80,287.03  '/>	<g transform="translate(43.61,290.93)" stroke="none" fill="rgb(2,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>1.5</text>
	<path stroke='rgb(  2,   3,   1)'  d='M52.00,256.37 L53.80,256.37  '/>	<g transform="translate(43.61,260.27)" stroke="none" fill="rgb(2,2,1)" font-family="Arial" font-size="12.00"  text-anchor="end">
		<text>2</text>
	<path stroke='rgb(  2,   3,   1)'  d='M108.72,379.01 L108.72,377.21  '/>	<g transform="translate(108.72,400.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>60</text>
	<path stroke='rgb(  2,   3,   1)'  d='M195.32,379.01 L195.32,377.21  '/>	<g transform="translate(195.32,400.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>80</text>
	<path stroke='rgb(  2,   3,   1)'  d='M281.92,379.01 L281.92,377.21  '/>	<g transform="translate(281.92,400.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>100</text>
	<path stroke='rgb(  2,   3,   1)'  d='M368.52,379.01 L368.52,377.21  '/>	<g transform="translate(368.52,400.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>120</text>
	<path stroke='rgb(  2,   3,   1)'  d='M455.12,379.01 L455.12,377.21  '/>	<g transform="translate(455.12,400.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>140</text>
	<path stroke='rgb(  2,   3,   1)'  d='M541.72,379.01 L541.72,377.21  '/>	<g transform="translate(541.72,400.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>160</text>
	<path stroke='rgb(  2,   3,   1)'  d='M628.32,379.01 L628.32,377.21  '/>	<g transform="translate(628.32,400.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>180</text>
	<path stroke='rgb(  2,   3,   1)'  d='M714.92,379.01 L714.92,377.21  '/>	<g transform="translate(714.92,400.91)" stroke="none" fill="rgb(2,1,1)" font-family="Arial" font-size="12.00"  text-anchor="middle">
		<text>200</text>
	<path stroke='rgb(  2,   9,   3)'  d='M671.63,379.00 L671.63,249.00  '/></g>
	<path stroke='rgb(  2,   8,   4)'  d='M736.57,317.69 L736.57,256.37  '/></g>
	<use xlink:href='#gpPt6' transform='translate(65.42,379.01) scale(4.50)' color='rgb(  2,   5,   4)'/>
	<use xlink:href='#gpPt6' transform='translate(281.92,354.48) scale(4.50)' color='rgb(  2,   5,   4)'/>
	<use xlink:href='#gpPt6' transform='translate(498.42,329.95) scale(4.50)' color='rgb(  2,   5,   4)'/>
	<use xlink:href='#gpPt6' transform='translate(671.62,305.43) scale(4.50)' color='rgb(  2,   5,   4)'/>
	<use xlink:href='#gpPt6' transform='translate(736.57,280.90) scale(4.50)' color='rgb(  2,   5,   4)'/>
	<use xlink:href='#gpPt6' transform='translate(706.26,256.37) scale(4.50)' color='rgb(  2,   5,   4)'/>
<g fill="none" color="white" stroke="rgb(  2,   5,   4)" stroke-width="2.00" stroke-linecap="butt" stroke-linejoin="miter">
</svg>
