namespace PatientResponse.Infrastructure.Hosting;

/// <summary>The settings of one part of the product, stated in its own folder and found by themselves. To add one, implement this.</summary>
public interface ISettings
{
    /// <summary>Every key that this part reads. A last part of <c>*</c> stands for the numbers of a list. Another key of the same
    /// section is taken for a typing mistake.</summary>
    IReadOnlyList<string> Keys { get; }

    /// <summary>What is missing, wrong or unsafe: a sentence each, that begins with the key.</summary>
    IEnumerable<string> Problems(IConfiguration settings, Purpose purpose);
}

/// <summary>What the settings are to be good for.</summary>
/// <param name="IsProduction">Real patients: nothing unsafe passes.</param>
/// <param name="Serves">False for an operator's command, which sends nothing and shows nobody a page.</param>
public sealed record Purpose(bool IsProduction, bool Serves);
