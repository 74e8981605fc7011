/* SPDX-License-Identifier: MIT */
/* analyzers_stat_distributions: tails and quantiles against R 4.2.2, identities and extremes. */
#include "tests/unit/stat_check.h"

#include "analyzers/stat/distributions.h"
#include "analyzers/stat/proportion.h"

START_TEST(normal)
{
	SAME(cf_normal_tails(-10).lower, 7.6198530241605269e-24);
	SAME(cf_normal_tails(37).upper, 5.7255712225245771e-300);
	SAME(cf_normal_tails(1.5).lower, 0.93319279873114191);
	SAME(cf_normal_quantile(1e-300), -37.047096299361201);
	SAME(cf_normal_quantile(0.975), 1.9599639845400536);
	SAME(cf_normal_quantile(0.3), -0.52440051270804067);
	ck_assert_double_eq(cf_normal_quantile(0.5), 0);
	ck_assert(isinf(cf_normal_quantile(0)) && isinf(cf_normal_quantile(1)));
	/* the smallest double has a quantile too */
	ck_assert(cf_normal_quantile(5e-324) < -38 && cf_normal_quantile(5e-324) > -39);
	for (double z = 0.25; z < 38; z += 0.25) {
		NEAR(cf_normal_quantile(cf_normal_tails(-z).lower), -z, 1e-12);
		NEAR(cf_normal_z(cf_normal_two_sided(z)), z, 1e-12);
	}
}
END_TEST

START_TEST(student)
{
	static const double df[] = { 0.5, 1, 2.7, 30, 999.5, 1e5, 1e12 };

	SAME(cf_t_tails(-3, 2.5).lower, 0.036288047774515921);
	SAME(cf_t_tails(20, 1e6).upper, 2.8665435236952241e-89);
	SAME(cf_t_tails(-1.5, 1e9).lower, 0.066807201426707763);
	SAME(cf_t_quantile(0.975, 7.805405405405405), 2.3160495450328624);
	SAME(cf_t_quantile(1e-12, 3), -10331.108244292485);
	SAME(cf_t_quantile(0.6, 1000), 0.25341451583949876);
	/* one degree of freedom is the Cauchy distribution, infinitely many the normal */
	SAME(cf_t_tails(2, 1).upper, atan2(1, 2) / M_PI);
	SAME(cf_t_two_sided(2, INFINITY), cf_normal_two_sided(2));
	ck_assert_double_eq(cf_t_tails(INFINITY, 5).upper, 0);
	ck_assert_double_eq(cf_t_tails(0, 5).upper, 0.5);
	ck_assert_double_eq(cf_t_tails(-1e200, 3).lower, 0);
	for (size_t i = 0; i < COUNT(df); i++)
		for (double p = 1e-12; p < 0.5; p *= 3)
			NEAR(cf_t_tails(cf_t_quantile(p, df[i]), df[i]).lower, p, 1e-10);
}
END_TEST

START_TEST(beta)
{
	static const double shape[] = { 0.5, 1, 7, 300, 2999, 3001, 1e6, 1e9 };

	SAME(cf_beta_tails(3, 2e9, 1e-9, 1 - 1e-9).lower, 0.32332358435827957);
	SAME(cf_beta_distribution(0.5001, 1e7, 1e7).lower, 0.81445331464068405);
	SAME(cf_beta_distribution(0.01, 0.5, 0.5).lower, 0.06376856085851984);
	/* I_x(a, 1) = x^a, I_x(1, b) = 1 - (1 - x)^b, symmetry */
	SAME(cf_beta_distribution(0.3, 12.5, 1).lower, pow(0.3, 12.5));
	SAME(cf_beta_distribution(1e-7, 1, 1e6).lower, -expm1(1e6 * log1p(-1e-7)));
	ck_assert_double_eq(cf_beta_distribution(-1, 2, 3).lower, 0);
	ck_assert_double_eq(cf_beta_distribution(2, 2, 3).upper, 0);
	for (size_t i = 0; i < COUNT(shape); i++)
		for (size_t j = 0; j < COUNT(shape); j++)
			for (double p = 1e-9; p < 1; p = p < 0.4 ? p * 7 : p + 0.2) {
				double odds = cf_beta_quantile_odds(p, shape[i], shape[j]);
				double x = odds / (1 + odds), y = 1 / (1 + odds);

				NEAR(cf_beta_tails(shape[i], shape[j], x, y).lower, p, 1e-8);
				NEAR(cf_beta_tails(shape[j], shape[i], y, x).upper,
				     cf_beta_tails(shape[i], shape[j], x, y).lower, 1e-8);
			}
}
END_TEST

START_TEST(chi_squared)
{
	SAME(cf_chi2_tails(3.84, 1).upper, 0.050043521248705224);
	SAME(cf_chi2_tails(300, 200).upper, 5.9245403354839159e-06);
	SAME(cf_gamma_tails(130, 100).lower, 0.0022820930543169565);
	SAME(cf_gamma_tails(1e6, 1e6 + 3000).upper, 0.0013617406462175894);
	/* two degrees of freedom: exponential */
	SAME(cf_chi2_tails(1000, 2).upper, exp(-500));
	ck_assert_double_eq(cf_chi2_tails(-1, 2).lower, 0);
	ck_assert_double_eq(cf_chi2_tails(INFINITY, 2).upper, 0);
}
END_TEST

START_TEST(binomial)
{
	SAME(cf_binomial_probability(500000, 1000000, 1), 0.0007978843613317499);
	SAME(cf_binomial_tails(499000, 1000000, 1).lower, 0.022804149932691052);
	SAME(cf_binomial_tails(3, 1000000000, 1e-8 / (1 - 1e-8)).lower, 0.010336050411092753);
	SAME(cf_binomial_probability(30, 100, 0.3 / 0.7), 0.086783864753428086);
	SAME(cf_binomial_tails(119, 200, 1).upper, 0.0028425779983751623);
	/* probabilities add up to the tails, and to one */
	for (int64_t n = 0; n <= 60; n += 12) {
		double sum = 0;

		for (int64_t k = 0; k <= n; k++) {
			sum += cf_binomial_probability(k, n, 0.37);
			NEAR(cf_binomial_tails(k, n, 0.37).lower, sum, 1e-12);
		}
		NEAR(sum, 1, 1e-13);
	}
	/* 10^12 samples: the normal approximation is as good as its next term, 1e-7 */
	NEAR(cf_binomial_tails(500000000000 - 1000000, 1000000000000, 1).lower, cf_normal_tails(-2).lower,
	     1e-5);
	ck_assert_double_eq(cf_binomial_tails(0, 5, 0).lower, 1);
	ck_assert_double_eq(cf_binomial_tails(4, 5, INFINITY).lower, 0);
	ck_assert_double_eq(cf_binomial_probability(5, 5, INFINITY), 1);
	ck_assert_double_eq(cf_binomial_probability(0, 0, 1), 1);
}
END_TEST

START_TEST(poisson)
{
	SAME(cf_poisson_tails(90, 100).lower, 0.1713851193217614);
	SAME(cf_poisson_tails(10, 1).lower, 0.9999999899522336);
	SAME(cf_poisson_probability(1000, 1000), 0.012614611348721503);
	SAME(cf_poisson_probability(0, 3), exp(-3));
	ck_assert_double_eq(cf_poisson_probability(0, 0), 1);
	ck_assert_double_eq(cf_poisson_probability(2, 0), 0);
}
END_TEST

START_TEST(shares)
{
	/* Conover (1971), the example of R's binom.test */
	struct cf_interval exact = cf_clopper_pearson(682, 925, 0.95), none = cf_clopper_pearson(0, 10, 0.95);

	SAME(exact.lo, 0.70766826407903904);
	SAME(exact.hi, 0.76540655824152526);
	ck_assert_double_eq(none.lo, 0);
	SAME(none.hi, 1 - pow(0.025, 0.1));
	ck_assert_double_eq(cf_clopper_pearson(10, 10, 0.95).hi, 1);
	ck_assert(isnan(cf_wilson(0, 0, 0.95).estimate) && isnan(cf_newcombe(0, 0, 1, 2, 0.95).estimate));
	/* Newcombe (1998), table II, 56/70 - 48/80: 0.0524 to 0.3339 */
	ck_assert_double_eq_tol(cf_newcombe(48, 80, 56, 70, 0.95).lo, 0.0524, 5e-5);
	ck_assert_double_eq_tol(cf_newcombe(48, 80, 56, 70, 0.95).hi, 0.3339, 5e-5);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/stat/distributions");
	TCase *t = tcase_create("distributions");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, normal);
	tcase_add_test(t, student);
	tcase_add_test(t, beta);
	tcase_add_test(t, chi_squared);
	tcase_add_test(t, binomial);
	tcase_add_test(t, poisson);
	tcase_add_test(t, shares);
	suite_add_tcase(s, t);
	return s;
}
