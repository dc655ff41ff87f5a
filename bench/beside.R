# beside.R -- the same work in R, timed: run by bench_epi where Rscript and the packages are there.
# Prints lines of "name seconds". Argument: the folder with the reference outputs and data, and a folder with our input.
suppressMessages({
  ok <- requireNamespace("EpiEstim", quietly = TRUE)
  sv <- requireNamespace("surveillance", quietly = TRUE)
})
shared <- commandArgs(TRUE)[1]
say <- function(name, seconds) cat(name, seconds, "\n")
# User and system time: what else the machine does is left out, as on our side.
spent <- function(expr) { s <- system.time(expr); s[["user.self"]] + s[["sys.self"]] }
if (ok) {
  I <- read.csv(file.path(shared, "reference/analytics/timing_series_1000_days.csv"))
  I <- I[[ncol(I)]]
  n <- length(I)
  t <- 2:(n - 6)
  regions <- 10
  config <- EpiEstim::make_config(list(mean_si = 2.6, std_si = 1.5, t_start = t, t_end = t + 6))
  one <- spent(for (k in 1:regions)
    suppressMessages(suppressWarnings(EpiEstim::estimate_R(I, method = "parametric_si", config = config))))
  say("rt_region", one / regions)
}
if (sv) {
  data(salmNewport, package = "surveillance", envir = environment())
  s <- surveillance::aggregate(salmNewport, by = "unit")
  control <- list(range = (nrow(s) - 162):nrow(s), b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26,
                  weightsThreshold = 2.58, alpha = 0.005, thresholdMethod = "nbPlugin", trend = TRUE)
  say("farrington", spent(invisible(surveillance::farringtonFlexible(s, control))))
  data(husO104Hosp, package = "surveillance", envir = environment())
  now <- as.Date("2011-06-02")
  control <- list(N.tInf.prior = structure("poisgamma", mean.lambda = 50, var.lambda = 3000), N.tInf.max = 500)
  range <- seq(as.Date("2011-05-01"), as.Date("2011-07-06"), by = "1 day")
  say("nowcast", spent(suppressWarnings(suppressMessages(surveillance::nowcast(
    now = now, when = now - 9:0, dEventCol = "dHosp", dReportCol = "dReport", data = husO104Hosp, D = 15, m = 25,
    method = "bayes.trunc", control = control)))))
}
