using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Tests.Infrastructure.Patients;

public class PatientNameTests
{
    [Theory]
    [InlineData("obrien", "O'Brien", "O’Brien", "OBrien", "o brien", "O‘BRIEN", "O`brien", "Ó Brien", "O-Brien")]
    [InlineData("smith jones", "Smith-Jones", "smith jones", "SMITH – JONES", "Smith\u2011Jones", " Smith,  Jones ")]
    [InlineData("zoe", "Zoë", "ZOE", "Zoe\u0308")]
    [InlineData("lukasz wojcik", "Łukasz Wójcik", "lukasz wojcik")]
    [InlineData("folake olatunji", "Folákẹ́ Ọlátúnjí")]
    [InlineData("nguyen thi huong", "Nguyễn Thị Hương")]
    [InlineData("gross kathe", "Groß Käthe", "GROSS Kathe")]
    [InlineData("bjork thorsdottir", "Björk Þórsdóttir")]
    [InlineData("soren aesop", "Søren Æsop")]
    [InlineData("ibrahim yildiz", "İbrahim Yıldız", "IBRAHIM YILDIZ")]
    [InlineData("st john mollusc", "St. John-Mollusc")]
    [InlineData("李 娜", "李 娜")]
    [InlineData("o min jun", "O, Min-jun")]
    [InlineData("", "", " ' - . , ", "\uD800")]
    public void Writings_of_one_name_meet(string expected, params string[] writings) =>
        Assert.All(writings, name => Assert.Equal(expected, PatientName.Normalise(name)));

    [Theory]
    [InlineData("Jane", "Smith", "Smith, Jane")]
    [InlineData("Jane", "Smith", "Jane Smith")]
    [InlineData("Jane", "Smith", "ja smi")]
    [InlineData("Hannah", "Smith-Jones", "jones")]
    [InlineData("Siobhán", "O'Brien", "o brien")]
    [InlineData("Siobhán", "O'Brien", "brien, siobhan")]
    [InlineData("Declan", "OBrien", "O'Brien")]
    [InlineData("Anita", "D'Souza", "d souza")]
    [InlineData("Anita", "D'Souza", "dsouza")]
    [InlineData("Zoë", "Smith", "SMITH, Zoë (Ms)")]
    [InlineData("Zoë", "Smith", "SMITH, Zoe\u0308 (Ms)")]
    [InlineData("Zoë", "Smith", "Ms Zoë Smith")]
    [InlineData("Zoë", "Smith", "Ms. Z. Smith")]
    [InlineData("Zoë", "Smith", "Prof Dame Zoë Smith")]
    [InlineData("Zoë", "Smith", "Zoë Smith (née Jones)")]
    [InlineData("Zoë", "Smith", "Zoë Smith née Jones")]
    [InlineData("Zoë", "Smith", "Zoë \"Zozo\" Smith")]
    [InlineData("Zoë", "Smith", "Ｓｍｉｔｈ Ｚｏｅ")]
    [InlineData("Zoë", "Smith", "Zo\u00ADë\u200B Smi\u200Bth")]
    [InlineData("Liam", "Mc Cann", "McCann")]
    [InlineData("Liam", "McCann", "Mc Cann")]
    [InlineData("Liam", "Mc Cann", "mccan")]
    [InlineData("Fiona", "MacDonald", "Mac Donald, Fiona")]
    [InlineData("Fiona", "Mac Donald", "macdonald")]
    [InlineData("Fiona", "St Clair", "StClair")]
    [InlineData("Fiona", "St. Clair", "St-Clair")]
    [InlineData("Fiona", "StClair", "St. Clair")]
    [InlineData("Siobhán", "O Brien", "OBrien")]
    [InlineData("Siobhán", "OBrien", "O’Brien")]
    [InlineData("Jan", "van der Berg", "vanderberg")]
    [InlineData("Jan", "VanderBerg", "van der berg")]
    [InlineData("Jan", "VanderBerg", "Jan van der Berg")]
    [InlineData("Ana", "de Souza", "DeSouza")]
    [InlineData("Ana", "DeSouza", "de Souza")]
    [InlineData("Omar", "al-Hassan", "Al Hassan")]
    [InlineData("Omar", "al-Hassan", "alhassan")]
    [InlineData("Omar", "Alhassan", "al-Hassan")]
    [InlineData("Hannah", "Smith-Jones", "smithjones")]
    [InlineData("Hannah", "SmithJones", "Smith-Jones, Hannah")]
    [InlineData("Rose Mary", "Hill", "Rosemary Hill")]
    [InlineData("Rosemary", "Hill", "Rose Mary Hill")]
    [InlineData("Jane Elizabeth", "Smith", "Jane Smith")]
    [InlineData("Dean", "Master", "Master")]
    [InlineData("Zoë", "Master", "Zoë Master")]
    [InlineData("Lord", "Major", "Major, Lord")]
    [InlineData("Dean", "Smith", "Dean Smith")]
    [InlineData("Jane", "Nee", "Nee, Jane")]
    [InlineData("", "Sukarno", "sukarno")]
    [InlineData("Madonna", "", "madonna")]
    public void A_patient_is_found_by(string given, string family, string typed) => Assert.True(Finds(given, family, typed));

    [Theory]
    [InlineData("Jane", "Smith", "mith")]
    [InlineData("Jane", "Smith", "Jane Smithson")]
    [InlineData("Jane", "Smith", "John Smith")]
    [InlineData("Jo", "Smith", "jos")]
    [InlineData("Ann", "Eliot", "anne")]
    [InlineData("Anne", "Brown", "Ann E")]
    [InlineData("Jane", "Smith", "Dean Smith")]
    [InlineData("Liam", "Mc Cann", "ccann")]
    public void A_patient_is_not_found_by(string given, string family, string typed) => Assert.False(Finds(given, family, typed));

    [Fact]
    public void Every_sample_patient_is_found_by_name_in_either_order() =>
        Assert.All(SamplePatients.Read().Where(p => (p.FamilyName + p.GivenName).Count(char.IsLetter) > 1), p =>
        {
            Assert.True(Finds(p.GivenName, p.FamilyName, $"{p.GivenName} {p.FamilyName}"));
            Assert.True(Finds(p.GivenName, p.FamilyName, $"{p.FamilyName.ToUpperInvariant()}, {p.GivenName}"));
        });

    [Fact]
    public void A_normalised_name_is_words_with_one_space_between() => Property.HoldsForAnyText(text =>
    {
        var name = PatientName.Normalise(text ?? "");
        Assert.Equal(string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), name);
        Assert.Equal(name.ToLowerInvariant(), name);
    });

    private static bool Finds(string given, string family, string typed) =>
        PatientName.Matches(PatientName.SearchKey(given, family), Assert.IsType<PatientQuery.ByName>(PatientQuery.Parse(typed, null)));
}
