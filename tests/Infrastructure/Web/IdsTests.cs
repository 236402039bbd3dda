using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Tests.Infrastructure.Web;

public class IdsTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void An_id_is_read_as_it_is_written() => Assert.Equal(Id, Ids.Parse(Id)!.Value.ToString("N"));

    [Theory]
    [InlineData(" " + Id)]
    [InlineData(Id + "\n")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef")]
    [InlineData("")]
    [InlineData(null)]
    public void In_any_other_spelling_it_is_none(string? text) => Assert.Null(Ids.Parse(text));
}
