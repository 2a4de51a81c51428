// Transcendental, special, rounding functions and complex numbers against long double std::.
// SPDX-License-Identifier: BSD-3-Clause

#include "elementwise.hpp"

using namespace elementwise;

namespace {

constexpr double bound = 2;  // ULP, of any float dtype

#define AGAINST_STD(op) \
    check_unary<T>(     \
        UNARY(op), [](T x) { return std::op(real(as_float(x))); }, bound)

/// What a float function sees of a number: integers become float32 first.
template <class T>
auto as_float(T x) {
    if constexpr (std::is_integral_v<T>)
        return static_cast<float>(x);
    else
        return x;
}

template <class T>
using result_type = std::conditional_t<std::is_integral_v<T>, float, T>;

real exact_sigmoid(real x) {
    return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}

real exact_logaddexp(real a, real b) {
    if (std::isnan(a) || std::isnan(b)) return a + b;
    const real high = std::max(a, b);
    return std::isinf(high) ? high : high + std::log1p(std::exp(std::min(a, b) - high));
}

/// Parts within `bound` units of the last place of the larger one, for a result that neither
/// overflows nor vanishes.
template <class P, class F, class O>
void check_complex(const char* name, F f, O oracle, double bound_of_norm = 8) {
    using C = std::complex<P>;
    std::vector<C> x, y;
    const P parts[] = {0, 1, P(-2.5), P(0.75), P(-0.125), 7, P(1e-3), P(-30)};
    for (P a : parts)
        for (P b : parts)
            for (P c : parts) x.emplace_back(a, b), y.emplace_back(c, a + 1);
    const lazy::tensor<C> a(x), b(y);
    const lazy::tensor result(f(a, b));
    const auto values = result.tolist();
    double worst = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::complex<real> want = oracle(std::complex<real>(x[i]), std::complex<real>(y[i]));
        if (!std::isfinite(std::abs(want))) continue;
        const std::complex<real> got(values.flat()[i]);
        const real unit = std::abs(want) * std::numeric_limits<P>::epsilon() +
                          std::numeric_limits<P>::denorm_min();
        const double error = static_cast<double>(std::abs(got - want) / unit);
        if (!(error <= worst)) worst = error, at = i;
    }
    INFO(name << ": " << worst << " at " << x[at] << ", " << y[at] << ": "
              << text(values.flat()[at]));
    CHECK(worst <= bound_of_norm);
    CHECK(same(lazy::Tensor(f(lazy::Tensor(a), lazy::Tensor(b))), result));
}
#define COMPLEX(op)                                                  \
    check_complex<P>(                                                \
        #op, [](const auto& x, const auto&) { return lazy::op(x); }, \
        [](std::complex<real> x, std::complex<real>) { return std::op(x); })

struct complex_case {
    const char* op;
    std::complex<double> x;  ///< exact in float too
    std::complex<real> want;
    std::complex<double> y = 0;
};
// From mpmath with 60 digits: near zeros, poles and branch points, and where a part overflows.
const complex_case complex_cases[] = {
    {"exp2", {0.5, 0.25}, {1.393033418365562351L, 0.2438398968929328715L}},
    {"exp2", {-0.125, 7.0}, {0.1276358660491314463L, -0.9080779156832318415L}},
    {"exp2",
     {9.999999717180685e-10, 1.999999943436137e-09},
     {1.00000000069314716L, 1.386294322873714483e-9L}},
    {"exp2",
     {-1.999899983406067, 0.009999999776482582},
     {0.2500113261010801071L, 0.001732974173058934138L}},
    {"exp2",
     {0.0010000000474974513, -0.03999999910593033},
     {1.000308783228346072L, -0.02774155679656550515L}},
    {"exp2", {-30.0, 2.0}, {1.708576220490985334e-10L, 9.155159261182357749e-10L}},
    {"exp2", {30.0, -2.0}, {196985426.6863946743L, -1055517999.031767343L}},
    {"exp2", {3.0, -3.0}, {-3.895955343726251185L, -6.987240654198971268L}},
    {"exp2",
     {9.999999747378752e-06, 9.999999682655225e-21},
     {1.000006931495653201L, 6.931519631097983405e-21L}},
    {"exp2", {-0.75, -0.5}, {0.5592496814244738524L, -0.2019732269878814111L}},
    {"exp2", {-1.0, 1.0000000116860974e-07}, {0.4999999999999987989L, 3.465735943300651175e-8L}},
    {"exp2", {-5.0, 3.141590118408203}, {-0.01781974391293842265L, 0.02567136978965660947L}},
    {"exp2", {60.0, 1.5707000494003296}, {534510871641662926.5L, 1021531264270352918.0L}},
    {"exp2",
     {0.30000001192092896, 3.141592502593994},
     {-0.7020393784745489317L, 1.011364080156138867L}},
    {"exp2", {-2.0, 0.0010000000474974513}, {0.2499999399433699597L, 0.0001732867894946386313L}},
    {"exp2", {-0.5, 0.8660253882408142}, {0.5834873729663874039L, 0.3994276975733955305L}},
    {"expm1", {0.5, 0.25}, {0.5974665191199126993L, 0.4079001700783597732L}},
    {"expm1", {-0.125, 7.0}, {-0.3346835956904898203L, 0.5797886384089198868L}},
    {"expm1",
     {9.999999717180685e-10, 1.999999943436137e-09},
     {9.999999702180686196e-10L, 1.99999994543613696e-9L}},
    {"expm1",
     {-1.999899983406067, 0.009999999776482582},
     {-0.8646579476966821366L, 0.001353465608600915418L}},
    {"expm1",
     {0.0010000000474974513, -0.03999999910593033},
     {0.0001998066175632047479L, -0.04002934262980742166L}},
    {"expm1", {-30.0, 2.0}, {-1.000000000000038941L, 8.508862486771266971e-14L}},
    {"expm1", {30.0, -2.0}, {-4447142590943.85219L, -9717183838818.247037L}},
    {"expm1", {3.0, -3.0}, {-20.88453084414698887L, -2.834471132487004357L}},
    {"expm1",
     {9.999999747378752e-06, 9.999999682655225e-21},
     {0.00001000004974754289249L, 1.000009968314952735e-20L}},
    {"expm1", {-0.75, -0.5}, {-0.585459350494216453L, -0.226464588966471639L}},
    {"expm1", {-1.0, 1.0000000116860974e-07}, {-0.6321205588285595178L, 3.678794454705166979e-8L}},
    {"expm1", {-5.0, 3.141590118408203}, {-1.006737946999063814L, 1.70819191872234303e-8L}},
    {"expm1", {60.0, 1.5707000494003296}, {1.099494958978881575e+22L, 1.14200738452285878e+26L}},
    {"expm1",
     {0.30000001192092896, 3.141592502593994},
     {-2.349858823667558756L, 2.038230117489517e-7L}},
    {"expm1", {-2.0, 0.0010000000474974513}, {-0.8646647844310297155L, 0.0001353352671088110916L}},
    {"expm1", {-0.5, 0.8660253882408142}, {-0.6070534369840118906L, 0.46203077796329154L}},
    {"log2", {0.5, 0.25}, {-0.8390359525563188261L, 0.6689021062254880982L}},
    {"log2", {-0.125, 7.0}, {2.807584906921801437L, 2.291939744530286085L}},
    {"log2",
     {9.999999717180685e-10, 1.999999943436137e-09},
     {-28.7363888473447828L, 1.597277964688108807L}},
    {"log2",
     {-1.999899983406067, 0.009999999776482582},
     {0.9999458867394813579L, 4.525146366152746718L}},
    {"log2",
     {0.0010000000474974513, -0.03999999910593033},
     {-4.643405520587763378L, -2.23012020359383408L}},
    {"log2", {-30.0, 2.0}, {4.910089481207593854L, 4.436322582066728474L}},
    {"log2", {30.0, -2.0}, {4.910089481207593854L, -0.09603755976046533592L}},
    {"log2", {3.0, -3.0}, {2.084962500721156181L, -1.133090035456798452L}},
    {"log2",
     {9.999999747378752e-06, 9.999999682655225e-21},
     {-16.60964051088235442L, 1.442695031551332137e-15L}},
    {"log2", {-0.75, -0.5}, {-0.1497801409294539198L, -3.684051701659318901L}},
    {"log2", {-1.0, 1.0000000116860974e-07}, {7.213475373039529951e-15L, 4.532359997557688035L}},
    {"log2", {-5.0, 3.141590118408203}, {2.561948716269089805L, 3.723034549343031245L}},
    {"log2", {60.0, 1.5707000494003296}, {5.907384769489669207L, 0.03775872902475726139L}},
    {"log2",
     {0.30000001192092896, 3.141592502593994},
     {1.658044151347938523L, 2.128829316433893916L}},
    {"log2", {-2.0, 0.0010000000474974513}, {1.0000001803368747L, 4.531638794332599452L}},
    {"log2", {-0.5, 0.8660253882408142}, {-1.94203685276888078e-8L, 3.021573439097150971L}},
    {"log1p", {0.5, 0.25}, {0.4191645952022216033L, 0.1651486774146268383L}},
    {"log1p", {-0.125, 7.0}, {1.953662242323295932L, 1.446441332248135184L}},
    {"log1p",
     {9.999999717180685e-10, 1.999999943436137e-09},
     {9.999999732180684481e-10L, 1.999999941436137186e-9L}},
    {"log1p",
     {-1.999899983406067, 0.009999999776482582},
     {-0.00005001409583512909173L, 3.131591986960689492L}},
    {"log1p",
     {0.0010000000474974513, -0.03999999910593033},
     {0.001797265973013518466L, -0.03993878995996680458L}},
    {"log1p", {-30.0, 2.0}, {3.369668313678586923L, 3.072736164288748639L}},
    {"log1p", {30.0, -2.0}, {3.436064050669492963L, -0.0644268394255535506L}},
    {"log1p", {3.0, -3.0}, {1.609437912434100375L, -0.6435011087932843868L}},
    {"log1p",
     {9.999999747378752e-06, 9.999999682655225e-21},
     {9.999949747714608656e-6L, 9.999899683660914967e-21L}},
    {"log1p", {-0.75, -0.5}, {-0.5815754049028404315L, -1.107148717794090503L}},
    {"log1p", {-1.0, 1.0000000116860974e-07}, {-16.11809563927222243L, 1.570796326794896619L}},
    {"log1p", {-5.0, 3.141590118408203}, {1.626534044268409077L, 2.475819295555430673L}},
    {"log1p", {60.0, 1.5707000494003296}, {4.111205264487506003L, 0.02574349265696720993L}},
    {"log1p",
     {0.30000001192092896, 3.141592502593994},
     {1.22375828095380455L, 1.178447838971200787L}},
    {"log1p", {-2.0, 0.0010000000474974513}, {4.999997974975716025e-7L, 3.140592653875628968L}},
    {"log1p", {-0.5, 0.8660253882408142}, {-1.346117369040259331e-8L, 1.047197543424785423L}},
    {"sigmoid", {0.5, 0.25}, {0.6242751644199612463L, 0.05900296431450801867L}},
    {"sigmoid", {-0.125, 7.0}, {0.4644309469223394023L, 0.1864611741374162019L}},
    {"sigmoid",
     {9.999999717180685e-10, 1.999999943436137e-09},
     {0.5000000002499999929L, 4.999999858590342683e-10L}},
    {"sigmoid",
     {-1.999899983406067, 0.009999999776482582},
     {0.1192094251950431704L, 0.001050009333275232569L}},
    {"sigmoid",
     {0.0010000000474974513, -0.03999999910593033},
     {0.500250100017680667L, -0.01000133082176081193L}},
    {"sigmoid", {-30.0, 2.0}, {-3.894145196083145056e-14L, 8.508862486771929666e-14L}},
    {"sigmoid", {30.0, -2.0}, {1.000000000000038941L, -8.508862486771929666e-14L}},
    {"sigmoid", {3.0, -3.0}, {1.051786718403759317L, -0.007772920575741189339L}},
    {"sigmoid",
     {9.999999747378752e-06, 9.999999682655225e-21},
     {0.5000024999999368239L, 2.499999920601306352e-21L}},
    {"sigmoid", {-0.75, -0.5}, {0.3107237350264198746L, -0.1103514883691211961L}},
    {"sigmoid", {-1.0, 1.0000000116860974e-07}, {0.2689414213699946665L, 1.966119355391081178e-8L}},
    {"sigmoid", {-5.0, 3.141590118408203}, {-0.006783654906281985674L, 1.731446095234078308e-8L}},
    {"sigmoid", {60.0, 1.5707000494003296}, {1.0L, 8.756510722112997061e-27L}},
    {"sigmoid",
     {0.30000001192092896, 3.141592502593994},
     {3.858295782043433605L, 1.665204406332196667e-6L}},
    {"sigmoid", {-2.0, 0.0010000000474974513}, {0.1192028820408623638L, 0.0001049935839151546565L}},
    {"sigmoid", {-0.5, 0.8660253882408142}, {0.3532527137604554138L, 0.2145216189484754754L}},
    {"rsqrt", {0.5, 0.25}, {1.301701652069288832L, -0.3072900763121319519L}},
    {"rsqrt", {-0.125, 7.0}, {0.2648435048578010502L, -0.2696150761172294696L}},
    {"rsqrt",
     {9.999999717180685e-10, 1.999999943436137e-09},
     {17989.07465386156275L, -11117.85956224569563L}},
    {"rsqrt",
     {-1.999899983406067, 0.009999999776482582},
     {0.001767871900614565089L, -0.7071178326188982104L}},
    {"rsqrt",
     {0.0010000000474974513, -0.03999999910593033},
     {3.578882604546769535L, 3.490528759458120383L}},
    {"rsqrt", {-30.0, 2.0}, {0.006068960121897466841L, -0.1822708780494727948L}},
    {"rsqrt", {30.0, -2.0}, {0.1822708780494727948L, 0.006068960121897466841L}},
    {"rsqrt", {3.0, -3.0}, {0.4485359110830383156L, 0.1857896575819671061L}},
    {"rsqrt",
     {9.999999747378752e-06, 9.999999682655225e-21},
     {316.2277700111306598L, -1.581138839821964854e-13L}},
    {"rsqrt", {-0.75, -0.5}, {0.3052240729149121088L, 1.008086632072705674L}},
    {"rsqrt", {-1.0, 1.0000000116860974e-07}, {5.000000058430455865e-8L, -0.99999999999999625L}},
    {"rsqrt", {-5.0, 3.141590118408203}, {0.1139193054416023303L, -0.3954352459263592964L}},
    {"rsqrt", {60.0, 1.5707000494003296}, {0.1290662842485858383L, -0.001689080824312601723L}},
    {"rsqrt",
     {0.30000001192092896, 3.141592502593994},
     {0.4165273793417740295L, -0.3786467686024584182L}},
    {"rsqrt", {-2.0, 0.0010000000474974513}, {0.0001767766760717222199L, -0.7071067148952925752L}},
    {"rsqrt", {-0.5, 0.8660253882408142}, {0.4999999999999999547L, -0.8660254115562509441L}},
    {"sgn", {0.5, 0.25}, {0.8944271909999158786L, 0.4472135954999579393L}},
    {"sgn", {-0.125, 7.0}, {-0.01785429641688294115L, 0.9998405993454447042L}},
    {"sgn",
     {9.999999717180685e-10, 1.999999943436137e-09},
     {0.4472135954999579393L, 0.8944271909999158786L}},
    {"sgn",
     {-1.999899983406067, 0.009999999776482582},
     {-0.9999874989846746214L, 0.005000187434024150356L}},
    {"sgn",
     {0.0010000000474974513, -0.03999999910593033},
     {0.02499219290479712273L, -0.9996876463645079016L}},
    {"sgn", {-30.0, 2.0}, {-0.997785157856608956L, 0.0665190105237739304L}},
    {"sgn", {30.0, -2.0}, {0.997785157856608956L, -0.0665190105237739304L}},
    {"sgn", {3.0, -3.0}, {0.7071067811865475244L, -0.7071067811865475244L}},
    {"sgn", {9.999999747378752e-06, 9.999999682655225e-21}, {1.0L, 9.999999935276472118e-16L}},
    {"sgn", {-0.75, -0.5}, {-0.832050294337843683L, -0.554700196225229122L}},
    {"sgn", {-1.0, 1.0000000116860974e-07}, {-0.999999999999995L, 1.000000011686092423e-7L}},
    {"sgn", {-5.0, 3.141590118408203}, {-0.8467332093656867142L, 0.5320177366942611143L}},
    {"sgn", {60.0, 1.5707000494003296}, {0.9996575234260690439L, 0.02616936869047896303L}},
    {"sgn",
     {0.30000001192092896, 3.141592502593994},
     {0.09506053371168902308L, 0.9954714937809363684L}},
    {"sgn", {-2.0, 0.0010000000474974513}, {-0.9999998750000115631L, 0.0004999999612487284657L}},
    {"sgn", {-0.5, 0.8660253882408142}, {-0.5000000067305868905L, 0.8660253998985324589L}},
    {"logaddexp", {1.0, 2.0}, {0.1049930143244687436L, 1.788959147847327527L}, {0.5, -1.0}},
    {"logaddexp", {-1000.0, 1.0}, {-999.711405634295177L, 0.8674547650016959683L}, {-1001.0, 0.5}},
    {"logaddexp", {800.0, 0.25}, {800.5625629401162226L, 0.75L}, {800.0, 1.25}},
    {"logaddexp",
     {3.0, 0.0},
     {-12.70601382106260786L, 1.57079625129699707L},
     {3.0, 3.141592502593994}},
    {"logaddexp", {-2.0, 0.125}, {5.000739371468037249L, -0.4994668546616493017L}, {5.0, -0.5}},
    {"logaddexp",
     {0.0, 0.0010000000474974513},
     {0.6931466805598144786L, 0.0L},
     {0.0, -0.0010000000474974513}},
};

}  // namespace

TEMPLATE_TEST_CASE("exponentials, logarithms and roots", "[elementwise]", FLOATS, std::int32_t,
                   std::uint8_t) {
    using T = TestType;
    AGAINST_STD(exp);
    AGAINST_STD(exp2);
    AGAINST_STD(expm1);
    AGAINST_STD(log);
    AGAINST_STD(log2);
    AGAINST_STD(log10);
    AGAINST_STD(log1p);
    AGAINST_STD(cbrt);
    AGAINST_STD(sqrt);
    check_unary<T>(
        UNARY(rsqrt), [](T x) { return 1 / std::sqrt(real(as_float(x))); }, bound);
    check_unary<T>(
        UNARY(sigmoid), [](T x) { return exact_sigmoid(as_float(x)); }, bound);
}

TEMPLATE_TEST_CASE("trigonometric and hyperbolic functions", "[elementwise]", FLOATS,
                   std::int64_t) {
    using T = TestType;
    AGAINST_STD(sin);
    AGAINST_STD(cos);
    AGAINST_STD(tan);
    AGAINST_STD(asin);
    AGAINST_STD(acos);
    AGAINST_STD(atan);
    AGAINST_STD(sinh);
    AGAINST_STD(cosh);
    AGAINST_STD(tanh);
    AGAINST_STD(asinh);
    AGAINST_STD(acosh);
    AGAINST_STD(atanh);
}

TEMPLATE_TEST_CASE("special functions and rounding", "[elementwise]", FLOATS) {
    using T = TestType;
    AGAINST_STD(erf);
    AGAINST_STD(erfc);
    AGAINST_STD(tgamma);
    AGAINST_STD(lgamma);
    check_unary<T>(UNARY(floor), [](T x) { return std::floor(real(x)); });
    check_unary<T>(UNARY(ceil), [](T x) { return std::ceil(real(x)); });
    check_unary<T>(UNARY(trunc), [](T x) { return std::trunc(real(x)); });
    check_unary<T>(UNARY(round), [](T x) { return std::nearbyint(real(x)); });
    check_unary<T>(UNARY(isnan), [](T x) { return std::isnan(real(x)); });
    check_unary<T>(UNARY(isinf), [](T x) { return std::isinf(real(x)); });
    check_unary<T>(UNARY(isfinite), [](T x) { return std::isfinite(real(x)); });
    check_unary<T>(UNARY(signbit), [](T x) { return std::signbit(real(x)); });
    check_unary<T>(
        UNARY(angle),
        [](T x) {
            return std::isnan(real(x)) ? real(x)
                   : real(x) < 0       ? real(3.14159265358979323846264L)
                                       : real(0);
        },
        1);
}

TEMPLATE_TEST_CASE("functions of two floats", "[elementwise]", FLOATS) {
    using T = TestType;
    check_binary<T>(
        BINARY(pow), [](T a, T b) { return std::pow(real(a), real(b)); }, bound);
    check_binary<T>(
        BINARY(atan2), [](T a, T b) { return std::atan2(real(a), real(b)); }, bound);
    check_binary<T>(
        BINARY(hypot), [](T a, T b) { return std::hypot(real(a), real(b)); }, bound);
    check_binary<T>(BINARY(copysign), [](T a, T b) { return std::copysign(real(a), real(b)); });
    // Where the sum of the exponentials passes 1 the result is a difference of logarithms, with an
    // absolute error only.
    check_binary_where<T>(
        BINARY(logaddexp), [](T a, T b) { return exact_logaddexp(a, b); }, bound,
        [](T a, T b) { return !(real(a) < 0 && real(b) < 0) && !(real(a) * real(b) < 0); });
}

TEMPLATE_TEST_CASE("squares, cubes and roots by pow have the same bits beside other powers",
                   "[elementwise]", float, double, std::int32_t, std::uint8_t) {
    using T = TestType;
    std::vector<T> base, exponent;
    for (int i = 0; i < 997; ++i) {
        base.push_back(static_cast<T>(i % 101 - (std::is_unsigned_v<T> ? 0 : 50)) / T(3));
        exponent.push_back(static_cast<T>(i % 7));
    }
    if constexpr (std::is_floating_point_v<T>) {
        constexpr T inf = std::numeric_limits<T>::infinity();
        std::copy_n(std::array{T(-0.0), T(0), -inf, inf, T(NAN)}.begin(), 5, base.begin());
    }
    const auto x = lazy::tensor(base, lazy::dtype_constant<T>{});
    for (double p : {2., 3., 0.5}) {
        if (p != std::floor(p) && std::is_integral_v<T>) {
            continue;
        }
        std::vector<T> mixed = exponent;
        for (std::size_t i = 0; i < mixed.size(); i += 2) {
            mixed[i] = static_cast<T>(p);
        }
        const auto together = pow(x, lazy::tensor(mixed, lazy::dtype_constant<T>{})).clone();
        const auto alone = [&] {
            if constexpr (std::is_integral_v<T>) {
                return pow(x, static_cast<int>(p)).clone();
            } else {
                return pow(x, p).clone();
            }
        }();
        for (std::size_t i = 0; i < base.size(); i += 2) {
            INFO(base[i] << " to the power " << p);
            const T a = alone(static_cast<std::int64_t>(i)).item(),
                    b = together(static_cast<std::int64_t>(i)).item();
            CHECK(std::memcmp(&a, &b, sizeof(T)) == 0);
            if constexpr (std::is_floating_point_v<T>) {
                const double want = std::pow(double(base[i]), p);
                CHECK((std::isnan(want) ? std::isnan(a)
                                        : std::signbit(a) == std::signbit(want) &&
                                              (double(a) == want || std::abs(double(a) - want) <=
                                                                        2e-7 * std::abs(want))));
            } else {
                CHECK(a == static_cast<T>(std::pow(double(base[i]), p)));
            }
        }
    }
}

TEMPLATE_TEST_CASE("nextafter steps by one representable value", "[elementwise]", float, double) {
    using T = TestType;
    check_binary<T>(BINARY(nextafter), [](T a, T b) { return std::nextafter(a, b); });
}

TEMPLATE_TEST_CASE("nextafter of 16-bit floats steps by one of their values", "[elementwise]",
                   lazy::float16_t, lazy::bfloat16_t) {
    using T = TestType;
    check_binary<T>(BINARY(nextafter), [](T a, T b) {
        const float x = a, y = b;
        T r = a;
        if (std::isnan(x) || std::isnan(y))
            r = T(x + y);
        else if (x == y)
            r = b;
        else if (x == 0)
            r.bits = static_cast<std::uint16_t>(y < 0 ? 0x8001 : 1);
        else
            r.bits = static_cast<std::uint16_t>(a.bits + ((x < y) == (x > 0) ? 1 : -1));
        return r;
    });
}

TEMPLATE_TEST_CASE("complex arithmetic", "[elementwise]", float, double) {
    using P = TestType;
    using C = std::complex<real>;
    check_complex<P>(
        "add", [](const auto& x, const auto& y) { return x + y; }, [](C x, C y) { return x + y; });
    check_complex<P>(
        "sub", [](const auto& x, const auto& y) { return x - y; }, [](C x, C y) { return x - y; });
    check_complex<P>(
        "mul", [](const auto& x, const auto& y) { return x * y; }, [](C x, C y) { return x * y; });
    check_complex<P>(
        "div", [](const auto& x, const auto& y) { return x / y; }, [](C x, C y) { return x / y; });
    check_complex<P>(
        "neg", [](const auto& x, const auto&) { return -x; }, [](C x, C) { return -x; });
    check_complex<P>(
        "square", [](const auto& x, const auto&) { return lazy::square(x); },
        [](C x, C) { return x * x; });
    check_complex<P>(
        "reciprocal", [](const auto& x, const auto&) { return lazy::reciprocal(x); },
        [](C x, C) { return C(1) / x; });
    COMPLEX(exp);
    COMPLEX(log);
    COMPLEX(sqrt);
    COMPLEX(sin);
    COMPLEX(cos);
    COMPLEX(sinh);
    COMPLEX(cosh);
    COMPLEX(tanh);
    COMPLEX(conj);
    check_complex<P>(
        "round", [](const auto& x, const auto&) { return lazy::round(x); },
        [](C x, C) { return C(std::nearbyint(x.real()), std::nearbyint(x.imag())); }, 0);
    using T = std::complex<P>;
    check_unary<T>(
        UNARY(abs), [](T x) { return std::hypot(real(x.real()), real(x.imag())); }, bound);
    check_unary<T>(
        UNARY(angle), [](T x) { return std::atan2(real(x.imag()), real(x.real())); }, bound);
    check_unary<T>(UNARY(real), [](T x) { return x.real(); });
    check_unary<T>(UNARY(imag), [](T x) { return x.imag(); });
    check_binary<T>(BINARY(eq), [](T x, T y) { return x == y; });
    check_binary<T>(BINARY(ne), [](T x, T y) { return x != y; });
    check_unary<T>(UNARY(logical_not), [](T x) { return x == T(0); });
}

TEMPLATE_TEST_CASE("complex products and moduli in registers are those of single numbers",
                   "[elementwise]", float, double) {
    using P = TestType;
    using limits = std::numeric_limits<P>;
    const std::vector<P> parts{P(0),
                               P(-0.0),
                               P(1.1),
                               P(-3.7),
                               P(1e-30),
                               P(7),
                               limits::max(),
                               limits::min(),
                               limits::infinity(),
                               P(-1e30),
                               P(.3),
                               limits::denorm_min(),
                               -limits::infinity(),
                               limits::quiet_NaN()};
    std::vector<std::complex<P>> all;
    for (const P re : parts) {
        for (const P im : parts) {
            all.emplace_back(re, im);
        }
    }
    const auto same = [](P a, P b) {
        return a == b ? std::signbit(a) == std::signbit(b) : a != a && b != b;
    };
    const lazy::tensor<std::complex<P>> x(all);
    const auto moduli = lazy::abs(x).tolist();
    bool right = true;
    for (std::size_t i = 0; i < all.size(); ++i) {
        right = right && same(moduli.flat()[i], std::hypot(all[i].real(), all[i].imag()));
        const auto products = lazy::tensor(x * all[i]).tolist();
        for (std::size_t j = 0; j < all.size(); ++j) {
            const std::complex<P> want = lazy::ops::complex_product(all[j], all[i]);
            const std::complex<P> got = products.flat()[j];
            right = right && same(got.real(), want.real()) && same(got.imag(), want.imag());
        }
    }
    CHECK(right);
}

TEMPLATE_TEST_CASE("functions of complex numbers that std has not", "[elementwise]", float,
                   double) {
    using P = TestType;
    using C = std::complex<P>;
    for (const complex_case& c : complex_cases) {
        const lazy::tensor<C> x({C(c.x)}), y({C(c.y)});
        const std::string op = c.op;
        const lazy::tensor<C> r = op == "exp2"      ? lazy::tensor<C>(lazy::exp2(x))
                                  : op == "expm1"   ? lazy::tensor<C>(lazy::expm1(x))
                                  : op == "log2"    ? lazy::tensor<C>(lazy::log2(x))
                                  : op == "log1p"   ? lazy::tensor<C>(lazy::log1p(x))
                                  : op == "sigmoid" ? lazy::tensor<C>(lazy::sigmoid(x))
                                  : op == "rsqrt"   ? lazy::tensor<C>(lazy::rsqrt(x))
                                  : op == "sgn"     ? lazy::tensor<C>(lazy::sgn(x))
                                                    : lazy::tensor<C>(lazy::logaddexp(x, y));
        const C got = r.tolist().flat()[0];
        INFO(op << " of " << c.x << ": " << got << ", not " << c.want);
        CHECK(std::abs(std::complex<real>(got) - c.want) <=
              6 * std::numeric_limits<P>::epsilon() * std::abs(c.want));
        // log(1 + z) close to the circle |1 + z| = 1: the small part has its digits too.
        if (op == "log1p") CHECK(ulp_error(got.real(), c.want.real()) <= 4);
    }
}

TEMPLATE_TEST_CASE("complex functions at the ends of the range", "[elementwise]", float, double) {
    using P = TestType;
    using C = std::complex<P>;
    using limits = std::numeric_limits<P>;
    const P inf = limits::infinity(), nan = limits::quiet_NaN(), top = limits::max();
    const auto alike = [](C a, C b) {
        const auto part = [](P x, P y) { return x == y || (x != x && y != y); };
        return part(a.real(), b.real()) && part(a.imag(), b.imag());
    };
    const auto of = [&](auto f, C x) { return lazy::tensor<C>(f(lazy::tensor<C>({x}))).item(); };
    const auto sgn = [](const auto& x) { return lazy::sgn(x); };
    const auto sigmoid = [](const auto& x) { return lazy::sigmoid(x); };
    const auto exp2 = [](const auto& x) { return lazy::exp2(x); };
    const auto expm1 = [](const auto& x) { return lazy::expm1(x); };
    const auto log1p = [](const auto& x) { return lazy::log1p(x); };
    CHECK(of(sgn, C(0)) == C(0));
    CHECK(std::abs(of(sgn, C(top, top)) - C(P(0.70710678), P(0.70710678))) < P(1e-6));
    CHECK(std::abs(of(sgn, C(limits::denorm_min(), -limits::denorm_min())) -
                   C(P(0.70710678), P(-0.70710678))) < P(1e-6));
    CHECK(of(sigmoid, C(-10000, 1)) == C(0));
    CHECK(of(sigmoid, C(10000, 1)) == C(1));
    CHECK(of(sigmoid, C(inf, inf)) == C(1));
    CHECK(of(sigmoid, C(-inf, nan)) == C(0));
    CHECK(of(exp2, C(-inf, inf)) == C(0));
    CHECK(alike(of(exp2, C(inf, 0)), C(inf, 0)));
    CHECK(alike(of(exp2, C(inf, nan)), C(inf, nan)));
    // 2^(limit) overflows, times a small cosine it does not.
    const P e = static_cast<P>(limits::max_exponent);
    CHECK(std::isfinite(of(exp2, C(e, P(2.2661800709136))).real()));
    CHECK(of(expm1, C(-inf, inf)) == C(-1, 0));
    CHECK(of(log1p, C(-1, 0)) == C(-inf, 0));
    CHECK(alike(of(log1p, C(inf, nan)), C(inf, nan)));
    CHECK(std::isfinite(of(log1p, C(top, top)).real()));
    const auto sum = [&](C a, C b) {
        return lazy::tensor<C>(lazy::logaddexp(lazy::tensor<C>({a}), lazy::tensor<C>({b}))).item();
    };
    CHECK(sum(C(-inf, 0), C(-inf, 0)) == C(-inf, 0));
    CHECK(sum(C(-inf, 1), C(-inf, 2)) == C(-inf, 2));
    CHECK(sum(C(-inf, 0), C(2, 1)) == C(2, 1));
    CHECK(sum(C(inf, 0), C(2, 1)) == C(inf, 0));
    CHECK(std::isnan(sum(C(nan, 0), C(2, 1)).real()));
    CHECK_THROWS_AS(lazy::sign(lazy::Tensor(lazy::tensor<C>({C(1)}))), lazy::dtype_error);
    CHECK_THROWS_AS(lazy::floor(lazy::Tensor(lazy::tensor<C>({C(1)}))), lazy::dtype_error);
}
