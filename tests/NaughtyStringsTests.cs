namespace PatientResponse.Tests;

public class NaughtyStringsTests
{
    [Fact]
    public void There_are_515_naughty_strings() => Assert.Equal(515, NaughtyStrings.All.Count);
}
