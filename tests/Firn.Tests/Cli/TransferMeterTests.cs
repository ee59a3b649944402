using Firn.Cli.Rendering;

namespace Firn.Tests.Cli;

public sealed class TransferMeterTests
{
    private const long Mebibyte = 1 << 20;

    private readonly SteppingTime _time = new();

    [Fact]
    public void All_transfers_are_one_sum_with_a_speed_and_what_is_left()
    {
        var meter = new TransferMeter(_time);
        meter.Announce(100 * Mebibyte);
        meter.Start(1);
        meter.Start(2);
        Assert.Equal("", meter.Describe());

        _time.Step(TimeSpan.FromSeconds(1));
        meter.Report(1, 6 * Mebibyte, 10 * Mebibyte);
        meter.Report(2, 4 * Mebibyte, 0);
        Assert.Equal("10.0/100.0 MiB fetched, 10.0 MiB/s, 9s left", meter.Describe());

        meter.Report(1, 10 * Mebibyte, 10 * Mebibyte);
        meter.Stop(1);
        _time.Step(TimeSpan.FromSeconds(1));
        meter.Report(2, 20 * Mebibyte, 0);
        Assert.Equal("30.0/100.0 MiB fetched, 15.0 MiB/s, 5s left", meter.Describe());

        meter.Stop(2);
        Assert.Equal("", meter.Describe());
    }

    [Fact]
    public void Without_a_known_end_only_what_came_is_told()
    {
        var meter = new TransferMeter(_time);
        meter.Start(1);
        meter.Report(1, 3 * Mebibyte, 0);

        Assert.Equal("3.0 MiB fetched", meter.Describe());
    }

    private sealed class SteppingTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step(TimeSpan by) => _now += by.Ticks;

        public override long GetTimestamp() => _now;
    }
}
